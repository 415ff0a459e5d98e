package dev.dunlin.guests;

import java.io.File;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Does what every command among the guests does; TeaVM ends a program with an exit code only by itself. */
public final class Tool {
  public static void main(String[] args) throws IOException {
    String joined = "";
    for (String arg : args) {
      joined += (joined.isEmpty() ? "" : ", ") + arg;
    }
    print("arguments: " + joined + "\n");
    print("greeting: " + Environment.variable("GREETING", "unset") + "\n");
    countInput();

    String text = read("/data/in.txt");
    print("in.txt: " + text);
    try (OutputStream out = new FileOutputStream("/data/out.txt")) {
      out.write(text.toUpperCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8));
    }
    print("out.txt: " + read("/data/out.txt"));
    print("missing.txt: " + (new File("/data/missing.txt").exists() ? "there" : "entity not found") + "\n");

    System.out.flush();
    System.err.print("a line on standard error\n");
    System.err.flush();
  }

  private static void countInput() {
    byte[] chunk = new byte[4096];
    int bytes = 0;
    int lines = 0;
    byte last = '\n';
    for (int read = StandardInput.read(chunk); read > 0; read = StandardInput.read(chunk)) {
      bytes += read;
      for (int i = 0; i < read; i++) {
        last = chunk[i];
        lines += last == '\n' ? 1 : 0;
      }
    }
    lines += last == '\n' ? 0 : 1;
    print("standard input: " + bytes + " bytes in " + lines + " lines\n");
  }

  private static String read(String path) throws IOException {
    byte[] bytes = new byte[256];
    try (InputStream in = new FileInputStream(path)) {
      int length = in.read(bytes);
      return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }
  }

  private static void print(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    System.out.write(bytes, 0, bytes.length);
  }

  private Tool() {}
}
