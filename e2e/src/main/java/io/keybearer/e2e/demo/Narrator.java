package io.keybearer.e2e.demo;

import io.keybearer.e2e.driver.MountedObject;
import io.keybearer.proto.MountRequest;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;

/** Tells what happens, in lines that fit a terminal. */
final class Narrator {

  private static final int WIDTH = 96;
  private static final int LONGEST_DATA = 40;
  private static final Pattern LONG_DATA =
      Pattern.compile("([A-Za-z0-9+/=]{16})[A-Za-z0-9+/=]{100,}");

  private final PrintStream out =
      new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
  private int steps;

  void title(String text) {
    out.println(text);
    out.println("=".repeat(text.length()));
    out.println();
  }

  void step(String text) {
    steps++;
    out.println();
    out.println(steps + ". " + text);
    out.println("-".repeat(text.length() + 3));
  }

  void say(String text) {
    wrap("", text);
  }

  void command(String text) {
    wrap("    $ ", text);
  }

  void log(String lines) {
    lines.lines().forEach(line -> wrap("    | ", line));
  }

  void manifest(String namespace, String name, String objects) {
    out.println("    kind: SecretProviderClass");
    out.println("    metadata: {name: " + name + ", namespace: " + namespace + "}");
    out.println("    spec:");
    out.println("      provider: sealed");
    out.println("      parameters:");
    out.println("        objects: |");
    objects
        .lines()
        .map(line -> line.length() > LONGEST_DATA ? line.substring(0, LONGEST_DATA) + "..." : line)
        .forEach(line -> out.println("          " + line));
  }

  /** A Mount as it went over the socket, its ciphertexts cut. */
  void request(MountRequest request) {
    String attributes = LONG_DATA.matcher(request.getAttributes()).replaceAll("$1...");
    wrap("    attributes: ", attributes.replace(",\"", ", \""));
    wrap("    secrets: ", request.getSecrets());
    wrap("    target_path: ", request.getTargetPath());
    wrap("    permission: ", request.getPermission());
  }

  void objects(List<MountedObject> objects) {
    objects.forEach(object -> out.println("    " + object.id() + "  " + object.version()));
  }

  void file(int mode, String path, String content) {
    out.println("    0" + Integer.toOctalString(mode) + "  " + path + "  ->  " + content);
  }

  void event(String type, String reason, String source, String message) {
    wrap("    ", type + "  " + reason + "  " + source + "  " + message);
  }

  /** Tells what holds; the demo ends here if it does not. */
  void check(boolean holds, String what) {
    out.println((holds ? "  ok: " : "  NOT SO: ") + what);
    if (!holds) {
      throw new IllegalStateException("the demo does not hold: " + what);
    }
  }

  private void wrap(String indent, String text) {
    StringBuilder line = new StringBuilder(indent);
    for (String word : text.split(" ", -1)) {
      if (line.length() + word.length() > WIDTH && line.length() > indent.length()) {
        out.println(line.toString().stripTrailing());
        line = new StringBuilder(" ".repeat(indent.length()));
      }
      line.append(word).append(' ');
    }
    out.println(line.toString().stripTrailing());
  }
}
