package dev.dunlin.e2e.whole;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.dunlin.e2e.cluster.Kubectl;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Clients in a Pod that ask an app without end, and count what fails. */
record Load(Kubectl kubectl, String pod) {
  private static final Pattern COUNTS = Pattern.compile("answered=(\\d+) failed=(\\d+)");

  static Load on(Kubectl kubectl, String name, String url) {
    kubectl.apply(Tools.pod(name, "\"load\", \"-url\", \"" + url + "\""));
    var load = new Load(kubectl, name);
    load.awaitAnswers(100);
    return load;
  }

  /** So many more than by now. */
  void awaitAnswers(int more) {
    int until = counts(1) + more;
    await().atMost(Duration.ofSeconds(60)).until(() -> counts(1) >= until);
  }

  /** Ends it; none may have failed. */
  void endsWithoutALoss() {
    awaitAnswers(100);
    String log = kubectl.run("logs", pod);
    int answered = counts(1);
    int failed = counts(2);
    kubectl.run("delete", "pod", pod, "--wait=false");
    System.out.printf("%s: answered %d, failed %d%n", pod, answered, failed);
    assertThat(failed).as(() -> failures(log)).isZero();
  }

  private static String failures(String log) {
    return log.lines().filter(line -> line.startsWith("failed")).limit(10).toList().toString();
  }

  private int counts(int group) {
    var answer = kubectl.call("", "logs", pod, "--tail=50");
    Matcher found = COUNTS.matcher(answer.ok() ? answer.out() : "");
    int count = 0;
    while (found.find()) count = Integer.parseInt(found.group(group));
    return count;
  }
}
