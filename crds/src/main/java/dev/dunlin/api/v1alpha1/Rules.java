package dev.dunlin.api.v1alpha1;

/**
 * What the API server refuses by itself: CEL rules and their messages, where more than one type or
 * a long expression needs them. Lengths and counts are bounded everywhere, or the API server would
 * refuse the rules for what they could cost.
 */
final class Rules {
  static final int NAME = 253;
  static final int LABEL = 63;
  static final int TEXT = 32768;

  private static final String HOST_LABEL = "[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?";
  private static final String PATH_PART = "[a-z0-9]+((\\\\.|_|__|-+)[a-z0-9]+)*";

  /**
   * {@code [host[:port]/]path[:tag][@sha256:hex]}, as the OCI distribution specification has it.
   */
  static final String IMAGE =
      "self.matches('^(("
          + HOST_LABEL
          + "(\\\\."
          + HOST_LABEL
          + ")*|\\\\[[a-fA-F0-9:]+\\\\])(:[0-9]{1,5})?/)?"
          + PATH_PART
          + "(/"
          + PATH_PART
          + ")*(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(@sha256:[a-f0-9]{64})?$')";

  static final String IMAGE_MESSAGE =
      "must be an OCI reference: [host[:port]/]name[:tag] or [host[:port]/]name@sha256:<64 hex digits>,"
          + " in lower case and without oci:// or https://";

  /** A pattern that could match nothing is a slip that would leave images unguarded. */
  static final String IMAGE_PATTERN =
      "(i == '**' || i.matches('^(localhost|[A-Za-z0-9*._-]*[.*][A-Za-z0-9*._-]*|[A-Za-z0-9*._-]+:[0-9*]{1,5}|\\\\[[a-fA-F0-9:]+\\\\](:[0-9*]{1,5})?)(/[a-z0-9*._-]+)+$'))";

  static final String IMAGE_PATTERN_MESSAGE =
      "must be ** or registry/repository in full (docker.io/library/hello), with * and ** but without tag and digest";

  static final String DIGEST = "self.contains('@sha256:')";
  static final String DIGEST_MESSAGE = "must name the module by digest (…@sha256:…)";

  private static final String DNS_PART = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";

  private static final String PORT =
      "(:([1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5]))";

  private static final String LAST_DNS_PART = "[a-z]([-a-z0-9]*[a-z0-9])?";

  /**
   * A name, {@code *.suffix} or {@code *}; an IP address or CIDR block, which for IPv6 stands in
   * brackets where a port follows. The patterns keep names and numbers apart, so that an address
   * with a slip in it is not taken for a name.
   */
  static final String ALLOWED_HOST =
      "(h.matches('^(\\\\*|(\\\\*\\\\.)?("
          + DNS_PART
          + "\\\\.)*"
          + LAST_DNS_PART
          + ")"
          + PORT
          + "?$')"
          + " || isIP(h) || isCIDR(h)"
          + " || (h.matches('^[0-9./]+"
          + PORT
          + "$') && (isIP(h.split(':')[0]) || isCIDR(h.split(':')[0])))"
          + " || (h.matches('^\\\\[[0-9a-fA-F:./]+\\\\]"
          + PORT
          + "$') && (isIP(h.substring(1, h.lastIndexOf(']'))) || isCIDR(h.substring(1, h.lastIndexOf(']'))))))";

  static final String ALLOWED_HOST_MESSAGE =
      "must be HOST or HOST:PORT, without scheme and path: a name in lower case (api.example.com), *.suffix, *,"
          + " an IP address or a CIDR block (10.0.0.0/8); an IPv6 one in brackets where a port follows ([2001:db8::1]:443)";

  private static final String NOT_UP = "([^/.][^/]*|\\.|\\.[^/.][^/]*|\\.\\.[^/]+)";

  /**
   * A pattern, as other rules of what is listed in lists of lists: of CEL the API server would
   * expect the worst, and refuse it for its cost.
   */
  static final String RELATIVE_PATH = "^" + NOT_UP + "(/" + NOT_UP + "?)*$";

  static final String COUNT_OR_PERCENT =
      "type(self) == int ? self >= 0 : string(self).matches('^(100|[1-9]?[0-9])%$')";
  static final String COUNT_OR_PERCENT_MESSAGE =
      "must be a number of at least 0 or a share from 0% to 100%";

  /** Of a quantity that is text, above 0; a number needs a minimum beside it. */
  static final String POSITIVE_QUANTITY =
      "^\\+?([0-9]*[1-9][0-9]*(\\.[0-9]*)?|[0-9]*\\.[0-9]*[1-9][0-9]*)([KMGTPE]i|[mkMGTPE]|[eE][+-]?[0-9]{1,2})?$";

  /** The name of a Secret or ConfigMap. */
  static final String OBJECT_NAME = "self.matches('^" + DNS_PART + "(\\\\." + DNS_PART + ")*$')";

  static final String OBJECT_NAME_MESSAGE =
      "must be a name of lower case letters, digits, '-' and '.'";

  static final String KEY = "self.matches('^[-._a-zA-Z0-9]+$') && self != '.' && self != '..'";

  /** The same as a pattern. */
  static final String KEY_PATTERN =
      "^([-_a-zA-Z0-9]|\\.[-_a-zA-Z0-9]|\\.\\.[-._a-zA-Z0-9])[-._a-zA-Z0-9]*$";

  static final String KEY_MESSAGE = "must be a key: letters, digits, '-', '_' and '.'";

  static final String ENV_NAME = "self.matches('^[-._a-zA-Z][-._a-zA-Z0-9]*$')";
  static final String ENV_NAME_MESSAGE =
      "must be letters, digits, '_', '-' and '.', and not begin with a digit";

  static final String VOLUME_NAME = "self.matches('^" + DNS_PART + "$')";
  static final String VOLUME_NAME_MESSAGE = "must be lower case letters, digits and '-'";

  static final String APP_NAME =
      "self.metadata.name.size() <= 63 && self.metadata.name.matches('^[a-z]([-a-z0-9]*[a-z0-9])?$')";
  static final String APP_NAME_MESSAGE =
      "metadata.name must be at most 63 lower case letters, digits and '-', and begin with a letter:"
          + " the app's Service is named like the app";

  /** As a CronJob's: room for the number of minutes that a job's name ends with. */
  static final String CRON_NAME = "!has(self.spec.cron) || self.metadata.name.size() <= 52";

  static final String CRON_NAME_MESSAGE =
      "metadata.name must be at most 52 letters for a cron app: its jobs are named NAME-MINUTES";

  /** httpGet asks the handler of an http app; a file can only be made by what keeps running. */
  static final String PROBES =
      "(has(self.job) || has(self.cron)) ? !has(self.startupProbe) && !has(self.readinessProbe) && !has(self.livenessProbe)"
          + " : has(self.worker)"
          + " ? (!has(self.startupProbe) || !has(self.startupProbe.httpGet)) && (!has(self.readinessProbe) || !has(self.readinessProbe.httpGet))"
          + " && (!has(self.livenessProbe) || !has(self.livenessProbe.httpGet))"
          + " : (!has(self.startupProbe) || !has(self.startupProbe.file)) && (!has(self.readinessProbe) || !has(self.readinessProbe.file))"
          + " && (!has(self.livenessProbe) || !has(self.livenessProbe.file))";

  static final String PROBES_MESSAGE =
      "probes must be httpGet for an http app and file for a worker; jobs have none";
  static final String MOUNTS =
      "!has(self.volumeMounts) || self.volumeMounts.all(m,"
          + " has(self.volumes) && self.volumes.exists(v, v.name == m.name))";
  static final String MOUNTS_MESSAGE = "must name volumes of spec.volumes only";

  /** As a Pod's: it starts and is restarted once, so that one good answer has to do. */
  static final String THRESHOLDS =
      "(!has(self.startupProbe) || !has(self.startupProbe.successThreshold) || self.startupProbe.successThreshold == 1)"
          + " && (!has(self.livenessProbe) || !has(self.livenessProbe.successThreshold) || self.livenessProbe.successThreshold == 1)";

  static final String THRESHOLDS_MESSAGE =
      "successThreshold must be 1 for startupProbe and livenessProbe";

  private static final String CRON_STEP = "(/[1-9][0-9]?)?";
  private static final String MINUTE = "[0-5]?[0-9]";
  private static final String HOUR = "([01]?[0-9]|2[0-3])";
  private static final String DAY = "(0?[1-9]|[12][0-9]|3[01])";
  private static final String MONTH =
      "(0?[1-9]|1[0-2]|JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)";
  private static final String WEEKDAY = "([0-7]|SUN|MON|TUE|WED|THU|FRI|SAT)";

  private static final String MINUTES = "([*?]|" + MINUTE + "(-" + MINUTE + ")?)" + CRON_STEP;
  private static final String HOURS = "([*?]|" + HOUR + "(-" + HOUR + ")?)" + CRON_STEP;
  private static final String DAYS = "([*?]|" + DAY + "(-" + DAY + ")?)" + CRON_STEP;
  private static final String MONTHS = "([*?]|" + MONTH + "(-" + MONTH + ")?)" + CRON_STEP;
  private static final String WEEKDAYS = "([*?]|" + WEEKDAY + "(-" + WEEKDAY + ")?)" + CRON_STEP;

  static final String SCHEDULE =
      "self.matches('(?i)^(@(hourly|daily|midnight|weekly|monthly|yearly|annually)|"
          + (MINUTES + "(," + MINUTES + ")* +")
          + (HOURS + "(," + HOURS + ")* +")
          + (DAYS + "(," + DAYS + ")* +")
          + (MONTHS + "(," + MONTHS + ")* +")
          + (WEEKDAYS + "(," + WEEKDAYS + ")*")
          + ")$')";
  static final String SCHEDULE_MESSAGE =
      "must be five cron fields (minute hour day-of-month month day-of-week, e.g. '*/15 8-18 * * MON-FRI')"
          + " or @hourly, @daily, @weekly, @monthly, @yearly";

  static final String TIME_ZONE =
      "self != 'Local' && self.matches('^[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z][A-Za-z0-9_+-]*)*$')";
  static final String TIME_ZONE_MESSAGE =
      "must be the name of an IANA time zone, e.g. Europe/Vienna or UTC";

  private Rules() {}
}
