package io.keybearer.provider.http;

import io.keybearer.provider.MountFailure;
import io.keybearer.provider.Quoted;
import io.keybearer.provider.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The folders below which SecretProviderClasses may name files of this process, such as those of
 * {@link TlsSettings}. What flags and environment name is the administrator's and needs no look.
 *
 * @param folders absolute paths; none allows no file at all
 */
public record AllowedFiles(List<Path> folders) {

  private static final String UP = "..";

  /**
   * Normalises the folders.
   *
   * @throws IllegalArgumentException if one is not absolute
   */
  public AllowedFiles {
    folders = folders.stream().map(Path::normalize).toList();
    if (!folders.stream().allMatch(Path::isAbsolute)) {
      throw new IllegalArgumentException("a folder of allowed files is not absolute");
    }
  }

  /**
   * The path, if a SecretProviderClass may name it by its words alone: one of the folders, or
   * something below one. For plans, which look at no disk.
   *
   * @throws MountFailure {@link Reason#INVALID_PARAMETERS} for what is no absolute path or climbs,
   *     {@link Reason#ACCESS_DENIED} for what is elsewhere
   */
  public Path requireNamed(String path) throws MountFailure {
    Path named = parse(path);
    if (folders.stream().noneMatch(named::startsWith)) {
      throw denied(path, "is not allowed on this node");
    }
    return named;
  }

  /**
   * The same, and no symbolic link leads out of the folders now. For whoever is about to read it. A
   * file that is not there passes: reading it tells.
   *
   * @throws MountFailure as {@link #requireNamed} does, and {@link Reason#ACCESS_DENIED} for what
   *     leads out or can't be followed
   */
  public Path require(String path) throws MountFailure {
    Path named = requireNamed(path);
    try {
      Path real = real(named);
      for (Path folder : folders) {
        if (real.startsWith(real(folder))) {
          return named;
        }
      }
    } catch (IOException e) {
      throw denied(path, "can't be followed to where it leads");
    }
    throw denied(path, "leads out of its folder");
  }

  /** Where a path leads, as far as there is anything; a link that leads nowhere can't be told. */
  private static Path real(Path path) throws IOException {
    Path there = path;
    while (!Files.exists(there, LinkOption.NOFOLLOW_LINKS) && there.getParent() != null) {
      there = there.getParent();
    }
    return there.toRealPath().resolve(there.relativize(path));
  }

  private static Path parse(String text) throws MountFailure {
    try {
      Path path = Path.of(text);
      boolean climbs = false;
      for (Path name : path) {
        climbs |= name.toString().equals(UP);
      }
      if (path.isAbsolute() && !climbs) {
        return path.normalize();
      }
    } catch (InvalidPathException e) {
      // Told below as any other.
    }
    throw MountFailure.of(
        Reason.INVALID_PARAMETERS,
        "file " + Quoted.of(text) + " is no absolute path without \"..\"",
        "write the whole path");
  }

  private MountFailure denied(String path, String why) {
    return MountFailure.of(
        Reason.ACCESS_DENIED,
        "file " + Quoted.of(path) + " " + why,
        folders.isEmpty()
            ? "ask the administrator to allow a folder"
            : "name one below "
                + folders.stream()
                    .map(folder -> Quoted.of(folder.toString()))
                    .collect(Collectors.joining(" or ")));
  }
}
