package io.keybearer.provider.aws.fake;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** A secret with its versions; what replicates it in other regions is the same object. */
public final class FakeSecret {

  static final String CURRENT = "AWSCURRENT";
  static final String PREVIOUS = "AWSPREVIOUS";

  private final FakeRegion home;
  private final String name;
  private final String suffix = RandomText.letters(6);
  private final Map<String, SecretVersion> versions = new LinkedHashMap<>();
  private final Map<String, String> stages = new LinkedHashMap<>();
  private final List<FakeRegion> replicas = new ArrayList<>();
  private final Set<String> readers = new LinkedHashSet<>();
  private final Instant created;
  private Instant changed;
  private String kmsKey = "";
  private boolean deleted;

  FakeSecret(FakeRegion home, String name) {
    this.home = home;
    this.name = name;
    this.created = home.account().now();
    this.changed = created;
  }

  /** Its name without what AWS adds. */
  public String name() {
    return name;
  }

  /** Its ARN where it was made. */
  public String arn() {
    return arn(home.name());
  }

  /** Its ARN in a region that it is replicated to. */
  public String arn(String region) {
    return partialArn(region) + "-" + suffix;
  }

  /** Its ARN without the random end. */
  public String partialArn() {
    return partialArn(home.name());
  }

  /** Makes a new current version; returns its id. */
  public String put(String value) {
    return put(value, CURRENT);
  }

  /** Makes a new version with these stages, such as {@code AWSPENDING}; returns its id. */
  public String put(String value, String... stagesOfIt) {
    return add(UUID.randomUUID().toString(), value, false, List.of(stagesOfIt));
  }

  /** Makes a new current version of bytes; returns its id. */
  public String putBinary(byte[] value) {
    String base64 = Base64.getEncoder().encodeToString(value);
    return add(UUID.randomUUID().toString(), base64, true, List.of(CURRENT));
  }

  /** The version that has this stage now; empty if none has. */
  public synchronized String versionId(String stage) {
    return stages.getOrDefault(stage, "");
  }

  /** Gives a stage to another of its versions, with all that AWS does along with it. */
  public synchronized FakeSecret moveStage(String stage, String versionId) {
    requireVersion(versionId);
    String before = versionId(stage);
    changed = home.account().now();
    stages.put(stage, versionId);
    if (stage.equals(CURRENT) && !before.isEmpty() && !before.equals(versionId)) {
      stages.put(PREVIOUS, before);
    }
    return this;
  }

  /** Takes a stage from whatever version has it. */
  public synchronized FakeSecret removeStage(String stage) {
    stages.remove(stage);
    return this;
  }

  /** Marks it for deletion. */
  public synchronized FakeSecret delete() {
    deleted = true;
    changed = home.account().now();
    return this;
  }

  /** Takes the mark back. */
  public synchronized FakeSecret restore() {
    deleted = false;
    return this;
  }

  /** Lets another region read it, with the same version ids. */
  public FakeSecret replicateTo(String region) {
    FakeRegion other = home.account().region(region);
    other.adopt(this);
    synchronized (this) {
      replicas.add(other);
    }
    return this;
  }

  /** Encrypts it with a customer's key: reading it needs {@code kms:Decrypt} on that. */
  public synchronized FakeSecret encryptedWith(String keyArn) {
    kmsKey = keyArn;
    return this;
  }

  /** Lets another account read it, as its resource policy would. */
  public synchronized FakeSecret sharedWith(String account) {
    readers.add(account);
    return this;
  }

  /** Makes a version of that id, or none if there is the same already. */
  synchronized String add(String id, String text, boolean binary, List<String> stagesOfIt) {
    SecretVersion added = new SecretVersion(id, text, binary, home.account().now());
    SecretVersion known = versions.putIfAbsent(id, added);
    if (known != null && !known.hasValueOf(added)) {
      throw Refusal.of(
          "ResourceExistsException",
          "You can't use ClientRequestToken "
              + id
              + " because that value is already in use for a version of secret "
              + arn()
              + ".");
    }
    stagesOfIt.forEach(stage -> moveStage(stage, id));
    return id;
  }

  String partialArn(String region) {
    return home.arn("secretsmanager", region, "secret:" + name);
  }

  FakeRegion home() {
    return home;
  }

  synchronized Map<String, SecretVersion> versions() {
    return new LinkedHashMap<>(versions);
  }

  synchronized SecretVersion requireVersion(String id) {
    return Optional.ofNullable(versions.get(id))
        .orElseThrow(
            () ->
                Refusal.of(
                    "ResourceNotFoundException",
                    "Secrets Manager can't find the specified secret value for VersionId: " + id));
  }

  synchronized List<String> stagesOf(String versionId) {
    return stages.entrySet().stream()
        .filter(stage -> stage.getValue().equals(versionId))
        .map(Map.Entry::getKey)
        .toList();
  }

  synchronized List<FakeRegion> replicas() {
    return List.copyOf(replicas);
  }

  synchronized boolean isReadBy(String account) {
    return account.equals(home.account().id()) || readers.contains(account);
  }

  synchronized String kmsKey() {
    return kmsKey;
  }

  Instant created() {
    return created;
  }

  /** When a stage moved, or it was marked for deletion. */
  synchronized Instant changed() {
    return changed;
  }

  synchronized boolean isDeleted() {
    return deleted;
  }

  /** How large the current value is. */
  synchronized int size() {
    SecretVersion current = versions.get(versionId(CURRENT));
    return current == null ? 0 : current.text().getBytes(StandardCharsets.UTF_8).length;
  }

  @Override
  public String toString() {
    return arn();
  }
}
