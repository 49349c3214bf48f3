package io.keybearer.daemonset;

import io.keybearer.provider.mount.MountQueue;
import io.keybearer.provider.reader.SecretReader;

/**
 * The bounds of every Mount.
 *
 * @param queue of mounts that run and wait
 * @param reads of reading
 * @param mostAnswerBytes the size of an answer
 * @param inFlightBytes what unanswered mounts hold together
 */
record MountBounds(
    MountQueue.Bounds queue, SecretReader.Bounds reads, int mostAnswerBytes, int inFlightBytes) {

  /** The bounds of these flags. */
  static MountBounds read(SettingsReader from) {
    return new MountBounds(
        new MountQueue.Bounds(
            from.count("max-mounts", 2, 64, "mounts that run at once"),
            from.count("max-waiting-mounts", 0, 1_024, "mounts that wait at once"),
            from.count("max-waiting-mounts-per-namespace", 0, 128, "those of one namespace")),
        new SecretReader.Bounds(
            from.count("max-reads-per-mount", 1, 100, "requests that one mount has out at once"),
            from.count("max-reads-per-address", 1, 128, "requests that one store gets at once"),
            from.bytes("max-value-bytes", 1, "1Mi", "the size of one value"),
            from.bytes("memory-bytes", 0, "16Mi", "values that are kept in memory")),
        from.bytes(
            "max-answer-bytes",
            1024,
            "4032Ki",
            "the size of one answer; the driver's own --max-call-recv-msg-size less 64Ki"),
        from.bytes(
            "in-flight-bytes", 1024, "24Mi", "what requests and values of unanswered mounts hold"));
  }
}
