package dev.dunlin.engine.contract;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What this process holds of the operating system's: threads and open files, by name, without those
 * that come and go with the JVM itself. Linux only ({@code /proc}).
 *
 * @param threads the names of threads, native ones too
 * @param files what descriptors refer to
 */
record Resources(List<String> threads, List<String> files) {
  /** And of bounded pools, whose threads stay for a while. */
  private static final Pattern OF_THE_JVM =
      Pattern.compile(
          "(C[12] |GC |G1 |VM |ForkJoin|Common-|Signal |process reap|Attach |Jfr|Monitor |VirtualThread|dunlin-io).*");

  private static final Pattern CODE_OF_THE_JVM =
      Pattern.compile(".*(\\.jar|/modules|\\.so|\\.class)( \\(deleted\\))?");

  static Resources now() throws IOException {
    var self = Path.of("/proc/self");
    var threads = new ArrayList<String>();
    for (var task : list(self.resolve("task"))) {
      text(task.resolve("comm"), threads);
    }
    var files = new ArrayList<String>();
    for (var fd : list(self.resolve("fd"))) {
      link(fd, files);
    }
    threads.removeIf(name -> OF_THE_JVM.matcher(name).matches());
    files.removeIf(name -> CODE_OF_THE_JVM.matcher(name).matches());
    threads.sort(null);
    files.sort(null);
    return new Resources(threads, files);
  }

  private static List<Path> list(Path folder) throws IOException {
    try (var entries = Files.newDirectoryStream(folder)) {
      var all = new ArrayList<Path>();
      entries.forEach(all::add);
      return all;
    }
  }

  private static void text(Path file, List<String> into) throws IOException {
    try {
      into.add(Files.readString(file).strip());
    } catch (NoSuchFileException e) {
      return; // ended since the folder was listed
    } catch (IOException e) {
      if (Files.exists(file)) {
        throw e;
      }
    }
  }

  private static void link(Path fd, List<String> into) throws IOException {
    try {
      into.add(Files.readSymbolicLink(fd).toString());
    } catch (NoSuchFileException e) {
      return; // closed since the folder was listed
    }
  }

  /** What is here and was not there. */
  List<String> beyond(Resources before) {
    var more = new ArrayList<>(threads);
    before.threads.forEach(more::remove);
    var moreFiles = new ArrayList<>(files);
    before.files.forEach(moreFiles::remove);
    more.addAll(moreFiles);
    return more;
  }
}
