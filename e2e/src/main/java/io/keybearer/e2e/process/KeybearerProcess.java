package io.keybearer.e2e.process;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A Keybearer process of its own JVM, with an environment of its own: what this machine sets for
 * proxies or certificates does not reach it. Closing it ends it.
 */
public final class KeybearerProcess implements AutoCloseable {

  private static final long START_SECONDS = 60;
  private static final long STOP_SECONDS = 60;
  private static final Pattern HEALTH_PORT = Pattern.compile("healthPort\"?[=:](\\d+)");

  private final Process process;
  private final StringBuilder output = new StringBuilder();
  private final CountDownLatch serving = new CountDownLatch(1);
  private final Thread reader;

  private KeybearerProcess(Process process) {
    this.process = process;
    this.reader = new Thread(this::read, "output of keybearer " + process.pid());
    reader.setDaemon(true);
    reader.start();
  }

  /** Starts {@code keybearer} with these words and does not wait for it. */
  public static KeybearerProcess launch(Map<String, String> environment, List<String> words) {
    return launch(environment, List.of(), words);
  }

  /** The same, with more options for its JVM, which win over those it always has. */
  public static KeybearerProcess launch(
      Map<String, String> environment, List<String> jvmOptions, List<String> words) {
    ProcessBuilder builder = builder(andJar(jvmOptions), words).redirectErrorStream(true);
    builder.environment().putAll(environment);
    return start(builder);
  }

  /**
   * Starts {@code keybearer serve} with the stores {@code double} and {@code batch} beside its own,
   * which speak to the store double, and waits until it serves.
   */
  public static KeybearerProcess serveWithDouble(Path socketDir, String... flags) {
    List<String> words = words(socketDir, socketDir.resolve("no-keys"), flags);
    ProcessBuilder builder = builder(withDouble(), words).redirectErrorStream(true);
    KeybearerProcess started = start(builder);
    started.awaitReady(socketDir, words);
    return started;
  }

  /**
   * The same with its output in a file, as {@link #serveAside}.
   *
   * @param output what it writes, which tells nobody when it serves: the first call does
   */
  public static KeybearerProcess serveWithDoubleAside(
      Path output, List<String> jvmOptions, Path socketDir, String... flags) {
    List<String> options = new ArrayList<>(jvmOptions);
    options.addAll(withDouble());
    List<String> words = words(socketDir, socketDir.resolve("no-keys"), flags);
    return start(builder(options, words).redirectError(output.toFile()));
  }

  private static List<String> withDouble() {
    String classPath =
        required("keybearer.jar") + File.pathSeparator + required("keybearer.e2e.classes");
    return List.of("-cp", classPath, "io.keybearer.e2e.client.ServeWithDouble");
  }

  /**
   * Starts {@code keybearer serve} with its output in a file, as a container's would be elsewhere:
   * whoever measures it should not read its log at the same time. It may not serve yet.
   */
  public static KeybearerProcess serveAside(Path output, Path socketDir, Path keyDir) {
    return serveAside(output, Map.of(), List.of(), words(socketDir, keyDir));
  }

  /**
   * The same with these variables, more options for its JVM, and these flags.
   *
   * @param output what it writes
   */
  public static KeybearerProcess serveAside(
      Path output,
      Map<String, String> environment,
      List<String> jvmOptions,
      Path socketDir,
      List<String> flags) {
    List<String> words =
        words(socketDir, socketDir.resolve("no-keys"), flags.toArray(String[]::new));
    return serveAside(output, environment, jvmOptions, words);
  }

  private static KeybearerProcess serveAside(
      Path output, Map<String, String> environment, List<String> jvmOptions, List<String> words) {
    ProcessBuilder builder = builder(andJar(jvmOptions), words);
    builder.environment().putAll(environment);
    return start(builder.redirectError(output.toFile()));
  }

  /** What starts {@code keybearer} with these words, for whoever runs it in another way. */
  static ProcessBuilder builder(List<String> words) {
    return builder(andJar(List.of()), words);
  }

  private static List<String> andJar(List<String> jvmOptions) {
    List<String> options = new ArrayList<>(jvmOptions);
    options.addAll(List.of("-jar", required("keybearer.jar")));
    return options;
  }

  /** What the JVM is told before the words: its options, and what it runs. */
  private static ProcessBuilder builder(List<String> options, List<String> words) {
    List<String> command = new ArrayList<>();
    // The JVM of the tests, unless another one is to be tried, such as that of the image.
    String home = System.getProperty("keybearer.e2e.java", System.getProperty("java.home"));
    command.add(Path.of(home, "bin", "java").toString());
    command.add("@" + required("keybearer.jvm.options"));
    command.addAll(options);
    command.addAll(words);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().clear();
    builder.environment().put("LC_ALL", "C.UTF-8");
    return builder;
  }

  private static KeybearerProcess start(ProcessBuilder builder) {
    try {
      return new KeybearerProcess(builder.start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What it is told to serve there, for whoever runs it in another way. */
  static List<String> words(Path socketDir, Path keyDir, String... flags) {
    List<String> words = new ArrayList<>();
    words.add("serve");
    words.add("--socket-dir=" + socketDir);
    if (Arrays.stream(flags).noneMatch(flag -> flag.startsWith("--sealed-key-dir="))) {
      words.add("--sealed-key-dir=" + keyDir);
    }
    words.add("--health-address=127.0.0.1:0");
    if (Arrays.stream(flags).noneMatch(flag -> flag.startsWith("--lease-dir="))) {
      // Where temporary folders are in memory it would keep what those who look for secrets find.
      words.add("--lease-dir=");
    }
    words.addAll(List.of(flags));
    return words;
  }

  /**
   * Starts {@code keybearer serve} and waits until it serves.
   *
   * @param flags beyond the health port, which is any free one
   * @throws IllegalStateException with its output if it does not
   */
  public static KeybearerProcess serve(Path socketDir, Path keyDir, String... flags) {
    return serve(List.of(), socketDir, keyDir, flags);
  }

  /** The same, with more options for its JVM. */
  public static KeybearerProcess serve(
      List<String> jvmOptions, Path socketDir, Path keyDir, String... flags) {
    return serve(Map.of(), jvmOptions, socketDir, words(socketDir, keyDir, flags));
  }

  /** The same, with variables in its environment and without sealing keys. */
  public static KeybearerProcess serve(
      Map<String, String> environment, Path socketDir, List<String> flags) {
    List<String> words =
        words(socketDir, socketDir.resolve("no-keys"), flags.toArray(String[]::new));
    return serve(environment, List.of(), socketDir, words);
  }

  private static KeybearerProcess serve(
      Map<String, String> environment,
      List<String> jvmOptions,
      Path socketDir,
      List<String> words) {
    KeybearerProcess started = launch(environment, jvmOptions, words);
    started.awaitReady(socketDir, words);
    return started;
  }

  private void awaitReady(Path socketDir, List<String> words) {
    if (words.contains("--log-level=error") || words.contains("--log-level=warn")) {
      // It serves without saying so.
      try (ProviderClient client = new ProviderClient(socketDir.resolve("sealed.sock"))) {
        client.version();
      }
    } else {
      awaitServing();
    }
  }

  private static String required(String property) {
    String value = System.getProperty(property);
    if (value == null) {
      throw new IllegalStateException("the system property " + property + " is not set");
    }
    return value;
  }

  private void read() {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        append(line);
        if (serving.getCount() > 0 && HEALTH_PORT.matcher(line).find()) {
          serving.countDown();
        }
      }
    } catch (IOException e) {
      append("(the output ended: " + e.getMessage() + ")");
    } finally {
      serving.countDown();
    }
  }

  private void awaitServing() {
    try {
      if (!serving.await(START_SECONDS, TimeUnit.SECONDS) || !process.isAlive()) {
        process.destroyForcibly();
        throw new IllegalStateException("keybearer does not serve:\n" + output());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while keybearer was starting", e);
    }
  }

  /** Everything that it has written. */
  public String output() {
    synchronized (output) {
      return output.toString();
    }
  }

  private void append(String line) {
    synchronized (output) {
      output.append(line).append('\n');
      output.notifyAll();
    }
  }

  /**
   * Waits until it has written a text behind the first {@code from} characters of its output; a
   * line may come a moment after the answer that it tells of.
   *
   * @return the output behind these, through the line with the text
   */
  public String awaitOutput(int from, String text) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(STOP_SECONDS);
    synchronized (output) {
      while (output.indexOf(text, from) < 0) {
        long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
        if (left <= 0) {
          throw new IllegalStateException("keybearer wrote no " + text + ":\n" + output);
        }
        try {
          output.wait(left);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new IllegalStateException("interrupted while waiting for " + text, e);
        }
      }
      return output.substring(from, output.indexOf("\n", output.indexOf(text, from)) + 1);
    }
  }

  /** Its process id. */
  public long pid() {
    return process.pid();
  }

  /** Whether it runs. */
  public boolean isAlive() {
    return process.isAlive();
  }

  /** The port that answers {@code /healthz}. */
  public int healthPort() {
    Matcher port = HEALTH_PORT.matcher(output());
    if (!port.find()) {
      throw new IllegalStateException("keybearer told no health port:\n" + output());
    }
    return Integer.parseInt(port.group(1));
  }

  /** Asks it to end, as kubelet does, and does not wait. */
  public void terminate() {
    process.destroy();
  }

  /** Ends it at once, as the kernel does. */
  public void kill() {
    process.destroyForcibly();
    exitCode();
  }

  /** Waits for its end. */
  public int exitCode() {
    try {
      if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        throw new IllegalStateException("keybearer does not end:\n" + output());
      }
      reader.join(TimeUnit.SECONDS.toMillis(STOP_SECONDS));
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while keybearer was ending", e);
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      exitCode();
    } catch (IllegalStateException e) {
      process.destroyForcibly();
      throw e;
    }
  }
}
