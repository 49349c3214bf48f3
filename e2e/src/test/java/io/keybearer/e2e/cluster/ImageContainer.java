package io.keybearer.e2e.cluster;

import io.keybearer.e2e.process.TemporaryFolder;
import io.keybearer.provider.fake.Json;
import io.keybearer.provider.text.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;

/**
 * A container of the image, which runc makes of a pod's specification as kubelet has it made: its
 * arguments, variables, user, rights and mounts. It shares the network of the machine, and has no
 * filter of system calls: that is a runtime's own.
 */
final class ImageContainer implements AutoCloseable {

  /** The folder of what {@code mvn -Pimage package} makes. */
  private static final String FOLDER = "keybearer.e2e.image";

  private static final String NODE = "node-1";

  private final Program program;

  private ImageContainer(Program program) {
    this.program = program;
  }

  /**
   * Starts the first container of a pod, and waits until it serves.
   *
   * @param folder where runc keeps what it needs
   * @param pod the specification
   * @param volumes what is behind the volumes by their names; others are empty
   */
  static ImageContainer start(Path folder, JsonNode pod, Map<String, Path> volumes)
      throws IOException {
    JsonNode container = pod.items("containers").get(0);
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("config.json"), Json.write(specification(container, volumes)));
    Path output = Files.createFile(folder.resolve("output"));
    List<String> command = new ArrayList<>();
    command.add(Programs.installed("runc", "runc").toString());
    command.add("--root=" + folder.resolve("state"));
    command.addAll(List.of("run", "--bundle=" + folder, "keybearer-" + folder.getFileName()));
    return new ImageContainer(
        Program.start(
            output, Map.of(), command, () -> Program.written(output).contains("healthPort=")));
  }

  private static JsonNode specification(JsonNode container, Map<String, Path> volumes) {
    JsonNode image = settings();
    List<String> command = new ArrayList<>(Json.texts(image, "Entrypoint"));
    List<String> arguments = Json.texts(container, "args");
    command.addAll(arguments.isEmpty() ? Json.texts(image, "Cmd") : arguments);
    List<String> environment = new ArrayList<>(Json.texts(image, "Env"));
    for (JsonNode variable : container.items("env")) {
      boolean isOfPod = variable.at("valueFrom").isPresent();
      environment.add(variable.text("name") + "=" + (isOfPod ? NODE : variable.text("value")));
    }
    JsonNode rights = container.at("securityContext").orElse(Json.EMPTY);
    String[] user = image.text("User").split(":", 2);
    return Json.object(
        "ociVersion",
        "1.0.2",
        "process",
        Json.object(
            "user",
            Json.object(
                "uid",
                Json.number(rights, "runAsUser", Long.parseLong(user[0])),
                "gid",
                Json.number(rights, "runAsGroup", Long.parseLong(user[1]))),
            "args",
            command,
            "env",
            environment,
            "cwd",
            image.text("WorkingDir"),
            "capabilities",
            capabilities(rights),
            "noNewPrivileges",
            !rights.isTrue("allowPrivilegeEscalation")),
        "root",
        Json.object(
            "path",
            Unpacked.IMAGE.root().toString(),
            "readonly",
            rights.isTrue("readOnlyRootFilesystem")),
        "mounts",
        mounts(container, volumes),
        "linux",
        Json.object("namespaces", namespaces("pid", "ipc", "mount")));
  }

  private static JsonNode capabilities(JsonNode rights) {
    JsonNode changes = rights.at("capabilities").orElse(Json.EMPTY);
    if (!Json.texts(changes, "drop").equals(List.of("ALL"))) {
      throw new IllegalStateException("a container keeps rights that a runtime gives by itself");
    }
    List<String> added = Json.texts(changes, "add").stream().map("CAP_"::concat).toList();
    return Json.object("bounding", added, "effective", added, "permitted", added);
  }

  private static List<JsonNode> namespaces(String... types) {
    List<JsonNode> namespaces = new ArrayList<>();
    for (String type : types) {
      namespaces.add(Json.object("type", type));
    }
    return namespaces;
  }

  private static List<JsonNode> mounts(JsonNode container, Map<String, Path> volumes) {
    List<JsonNode> mounts = new ArrayList<>();
    mounts.add(Json.object("destination", "/proc", "type", "proc", "source", "proc"));
    mounts.add(Json.object("destination", "/dev", "type", "tmpfs", "source", "tmpfs"));
    for (JsonNode mount : container.items("volumeMounts")) {
      String at = mount.text("mountPath");
      Path volume = volumes.get(mount.text("name"));
      mounts.add(
          volume == null
              ? Json.object("destination", at, "type", "tmpfs", "source", "tmpfs")
              : Json.object(
                  "destination",
                  at,
                  "type",
                  "bind",
                  "source",
                  volume.toString(),
                  "options",
                  List.of("rbind", mount.isTrue("readOnly") ? "ro" : "rw")));
    }
    return mounts;
  }

  /** What it has written. */
  String output() {
    return program.output();
  }

  /** A file of {@code /proc} about its first process. */
  List<String> aboutProcess(String file) throws IOException {
    long pid = program.handle().children().findFirst().orElseThrow().pid();
    return Files.readAllLines(Path.of("/proc", Long.toString(pid), file));
  }

  /** What the image says of how to start it. */
  static JsonNode settings() {
    return Unpacked.IMAGE.configuration().at("config").orElseThrow();
  }

  /** The files of the image, unpacked. */
  static Path root() {
    return Unpacked.IMAGE.root();
  }

  /** Asks it to end, as kubelet does, and waits for that. */
  @Override
  public void close() {
    program.close();
  }

  /** The image's files, and what it says of how to start them. */
  private record Unpacked(Path root, JsonNode configuration) {

    static final Unpacked IMAGE = unpack();

    private static Unpacked unpack() {
      try {
        Path image = made(Path.of(System.getProperty(FOLDER, "")));
        TemporaryFolder folder = TemporaryFolder.of("image");
        AtExit.close(folder::close);
        untar(image, folder.path());
        JsonNode manifest = read(folder.path().resolve("manifest.json")).items().get(0);
        Path root = Files.createDirectory(folder.path().resolve("root"));
        for (String layer : Json.texts(manifest, "Layers")) {
          untar(folder.path().resolve(layer), root);
        }
        return new Unpacked(root, read(folder.path().resolve(manifest.text("Config"))));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private static Path made(Path folder) throws IOException {
      try (DirectoryStream<Path> images = Files.newDirectoryStream(folder, "keybearer-*.tar")) {
        return images.iterator().next();
      } catch (NoSuchFileException | NoSuchElementException e) {
        throw new IllegalStateException(
            "there is no image in " + folder + ": run mvn -Pimage package -DskipTests", e);
      }
    }

    private static JsonNode read(Path file) throws IOException {
      return Json.read(Files.readString(file)).orElseThrow();
    }

    private static void untar(Path archive, Path into) {
      Program.Outcome outcome =
          Program.run(List.of("tar", "-xf", archive.toString(), "-C", into.toString()));
      if (!outcome.isGood()) {
        throw new IllegalStateException(archive + " can't be unpacked:\n" + outcome.text());
      }
    }
  }
}
