package io.keybearer.provider.sealed;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.keybearer.provider.Deadline;
import io.keybearer.provider.MountFailure;
import io.keybearer.provider.Reason;
import io.keybearer.provider.SecretBytes;
import io.keybearer.provider.Ticker;
import java.math.BigInteger;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.crypto.BadPaddingException;
import javax.crypto.Cipher;

/**
 * Opens sealed values. An RSA operation costs a processor 10 to 25 ms, so only as many run at once
 * as there are processors, and it is remembered which key opens a ciphertext, and what none opens.
 */
final class Unsealer {

  private static final Duration KEEP_REFUSAL = Duration.ofMinutes(10);
  private static final long REFUSAL_BYTES = 1024 * 1024;
  private static final int MOST_KEYS_REMEMBERED = 10_000;
  private static final int ENTRY_BYTES = 256;

  /** What was tried: with other keys it may open. */
  private record Tried(String label, String digest, int keys) {}

  private final SealingKeys keys;
  private final Semaphore processors =
      new Semaphore(Runtime.getRuntime().availableProcessors(), true);
  private final Cache<String, BigInteger> keyOfCiphertext;

  /** Trying every key in vain is what costs most: once is enough until the keys change. */
  private final Cache<Tried, MountFailure> refusals;

  Unsealer(Path keyFolder, Ticker ticker) {
    keyOfCiphertext =
        Caffeine.newBuilder().maximumSize(MOST_KEYS_REMEMBERED).executor(Runnable::run).build();
    refusals =
        Caffeine.newBuilder()
            .maximumWeight(REFUSAL_BYTES)
            .weigher((Tried key, MountFailure refusal) -> weight(key))
            .expireAfterWrite(KEEP_REFUSAL)
            .ticker(ticker::nanos)
            .executor(Runnable::run)
            .build();
    keys = new SealingKeys(keyFolder, ticker);
  }

  /** Another number whenever the keys have changed, a second ago at the latest. */
  int generation() {
    keys.lookNowAndThen();
    return keys.generation();
  }

  /**
   * Opens a value.
   *
   * @throws MountFailure {@link Reason#PRECONDITION} if no key opens it under its label, {@link
   *     Reason#INVALID_PARAMETERS} if it is damaged, {@link Reason#STORE_UNAVAILABLE} without keys
   */
  SecretBytes open(SealedRef reference, Deadline deadline)
      throws MountFailure, InterruptedException {
    keys.lookNowAndThen();
    Tried tried = tried(reference, keys.generation());
    MountFailure refusal = refusals.getIfPresent(tried);
    if (refusal != null) {
      // The key may have come meanwhile; looking costs nothing beside trying.
      keys.look();
      if (tried.keys() == keys.generation()) {
        throw refusal;
      }
    }
    Set<BigInteger> moduli = new HashSet<>();
    Optional<SecretBytes> value = openWithAny(keys.all(), reference, deadline, moduli);
    if (value.isEmpty()) {
      keys.look();
      // Before the keys: with those that come meanwhile it may open.
      int generation = keys.generation();
      value = openWithAny(keys.newestFirst(), reference, deadline, moduli);
      if (value.isEmpty()) {
        refusal = noKey(moduli.size());
        refusals.put(tried(reference, generation), refusal);
        throw refusal;
      }
    }
    return value.get();
  }

  private MountFailure noKey(int tried) {
    return MountFailure.of(
        Reason.PRECONDITION,
        "no sealing key opens it (" + tried + " tried)" + keys.faults(),
        "seal it for exactly this scope, namespace and name, or bring back the key it was sealed"
            + " with");
  }

  private Optional<SecretBytes> openWithAny(
      List<SealingKey> newestFirst, SealedRef reference, Deadline deadline, Set<BigInteger> tried)
      throws MountFailure, InterruptedException {
    Ciphertext ciphertext = reference.ciphertext();
    for (SealingKey key : likelyFirst(newestFirst, ciphertext)) {
      BigInteger modulus = key.key().getModulus();
      if (tried.add(modulus) && key.length() == ciphertext.sessionKeyLength()) {
        Optional<SecretBytes> value = openWith(key, reference, deadline);
        if (value.isPresent()) {
          keyOfCiphertext.put(ciphertext.digest(), modulus);
          return value;
        }
      }
    }
    return Optional.empty();
  }

  private List<SealingKey> likelyFirst(List<SealingKey> newestFirst, Ciphertext ciphertext) {
    BigInteger known = keyOfCiphertext.getIfPresent(ciphertext.digest());
    if (known == null) {
      return newestFirst;
    }
    List<SealingKey> ordered = new ArrayList<>(newestFirst);
    ordered.sort((a, b) -> Boolean.compare(isKey(b, known), isKey(a, known)));
    return ordered;
  }

  private static boolean isKey(SealingKey key, BigInteger modulus) {
    return key.key().getModulus().equals(modulus);
  }

  private Optional<SecretBytes> openWith(SealingKey key, SealedRef reference, Deadline deadline)
      throws MountFailure, InterruptedException {
    if (deadline.hasPassed()
        || !processors.tryAcquire(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS)) {
      throw MountFailure.of(
          Reason.TIMED_OUT,
          "too many sealed values are being opened on this node",
          "kubelet tries again");
    }
    byte[] sessionKey;
    try {
      sessionKey =
          SealCiphers.ofSessionKey(Cipher.DECRYPT_MODE, key.key(), reference.label())
              .doFinal(reference.ciphertext().sessionKey());
    } catch (BadPaddingException e) {
      return Optional.empty();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java platform lacks RSA-OAEP with SHA-256", e);
    } finally {
      processors.release();
    }
    return Optional.of(decrypt(sessionKey, reference.ciphertext().sealedValue()));
  }

  private static SecretBytes decrypt(byte[] sessionKey, byte[] sealedValue) throws MountFailure {
    if (sessionKey.length != SealCiphers.SESSION_KEY_BYTES) {
      throw damaged();
    }
    try {
      return SecretBytes.copyOf(
          SealCiphers.ofValue(Cipher.DECRYPT_MODE, sessionKey).doFinal(sealedValue));
    } catch (BadPaddingException e) {
      throw damaged();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java platform lacks AES-GCM", e);
    }
  }

  private static MountFailure damaged() {
    return MountFailure.of(
        Reason.INVALID_PARAMETERS,
        "\"data\" is damaged: its key opens, its content does not",
        "put the whole output of kubeseal --raw there");
  }

  private static Tried tried(SealedRef reference, int generation) {
    return new Tried(reference.label(), reference.ciphertext().digest(), generation);
  }

  private static int weight(Tried key) {
    return ENTRY_BYTES + key.label().length();
  }
}
