package io.keybearer.provider.sealed;

import io.keybearer.provider.pem.PemBlock;
import io.keybearer.provider.pem.PrivateKeys;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.GeneralSecurityException;
import java.security.interfaces.RSAPrivateCrtKey;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A folder of keys: one mounted Secret, or several in folders of their own. Names do not matter: a
 * certificate anywhere tells the age of the key it belongs to.
 */
final class KeyFolder {

  private static final long LARGEST_FILE_BYTES = 64 * 1024;
  private static final int MOST_FILES = 512;
  private static final int MOST_FAULTS_TOLD = 3;

  private final Path folder;

  KeyFolder(Path folder) {
    this.folder = folder;
  }

  /**
   * What stood in the folder.
   *
   * @param stamp equal as long as no file has changed
   * @param keys newest first
   * @param faults what could not be used, without a word of its content
   */
  record Contents(List<String> stamp, List<SealingKey> keys, List<String> faults) {

    /** What could not be used of the folder, in brackets; nothing if all could. */
    String faultsInBrackets() {
      if (faults.isEmpty()) {
        return "";
      }
      String told = String.join(", ", faults.subList(0, Math.min(faults.size(), MOST_FAULTS_TOLD)));
      int left = faults.size() - MOST_FAULTS_TOLD;
      return " (" + told + (left > 0 ? ", and " + left + " more" : "") + ")";
    }
  }

  /** A certificate and where it stands. */
  private record Certified(Path file, Instant notBefore) {}

  /** The state of the folder, without reading a file: cheap enough to ask every second. */
  List<String> stamp() throws IOException {
    List<String> stamp = new ArrayList<>();
    for (Path file : files(new ArrayList<>())) {
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      stamp.add(
          file
              + " "
              + attributes.size()
              + " "
              + attributes.lastModifiedTime()
              + " "
              + attributes.fileKey());
    }
    return stamp;
  }

  /** Reads all keys. */
  Contents read() throws IOException {
    List<String> stamp = stamp();
    Map<BigInteger, SealingKey> keys = new LinkedHashMap<>();
    Map<BigInteger, Certified> certified = new LinkedHashMap<>();
    List<String> faults = new ArrayList<>();
    for (Path file : files(faults)) {
      try {
        if (Files.size(file) > LARGEST_FILE_BYTES) {
          faults.add(name(file) + " is larger than " + LARGEST_FILE_BYTES + " bytes");
        } else {
          read(file, keys, certified);
        }
      } catch (GeneralSecurityException | IllegalArgumentException | DateTimeException e) {
        faults.add(name(file) + " is not a usable RSA key or certificate");
      } catch (IOException e) {
        faults.add(name(file) + " can't be read");
      }
    }
    certified.forEach(
        (modulus, certificate) -> {
          SealingKey certain =
              keys.computeIfPresent(
                  modulus, (m, key) -> new SealingKey(key.key(), certificate.notBefore()));
          if (certain == null) {
            faults.add(name(certificate.file()) + " is a certificate without its key");
          }
        });
    List<SealingKey> newestFirst =
        keys.values().stream().sorted(Comparator.comparing(SealingKey::since).reversed()).toList();
    return new Contents(stamp, newestFirst, List.copyOf(faults));
  }

  private static void read(
      Path file, Map<BigInteger, SealingKey> keys, Map<BigInteger, Certified> certified)
      throws IOException, GeneralSecurityException {
    Instant modified = Files.getLastModifiedTime(file).toInstant();
    String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    boolean usable = false;
    for (PemBlock block : PemBlock.parse(text)) {
      if (PrivateKeys.isKey(block)) {
        RSAPrivateCrtKey key = SealingKey.privateKey(block);
        keys.putIfAbsent(key.getModulus(), new SealingKey(key, modified));
        usable = true;
      } else if (block.type().equals(SealingKey.Certificate.PEM_TYPE)) {
        SealingKey.Certificate certificate = SealingKey.Certificate.parse(block.der());
        certified.putIfAbsent(certificate.modulus(), new Certified(file, certificate.notBefore()));
        usable = true;
      }
    }
    if (!usable) {
      throw new IllegalArgumentException("neither key nor certificate");
    }
  }

  private String name(Path file) {
    return folder.relativize(file).toString();
  }

  /** The files of the folder and of its folders, in a fixed order, less what kubelet keeps. */
  private List<Path> files(List<String> faults) throws IOException {
    List<Path> files = new ArrayList<>();
    for (Path entry : entries(folder)) {
      if (Files.isDirectory(entry)) {
        try {
          entries(entry).stream().filter(Files::isRegularFile).forEach(files::add);
        } catch (IOException e) {
          faults.add(name(entry) + " can't be listed");
        }
      } else if (Files.isRegularFile(entry)) {
        files.add(entry);
      }
    }
    if (files.size() > MOST_FILES) {
      faults.add("only " + MOST_FILES + " of " + files.size() + " files are read");
    }
    return files.subList(0, Math.min(files.size(), MOST_FILES));
  }

  private static List<Path> entries(Path folder) throws IOException {
    List<Path> entries = new ArrayList<>();
    // "..data" and the folder it points to hold the same files once more.
    try (DirectoryStream<Path> stream =
        Files.newDirectoryStream(
            folder, entry -> !entry.getFileName().toString().startsWith(".."))) {
      stream.forEach(entries::add);
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    entries.sort(Comparator.naturalOrder());
    return entries;
  }
}
