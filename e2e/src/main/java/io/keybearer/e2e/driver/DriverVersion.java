package io.keybearer.e2e.driver;

/** The two generations of the driver in the field. */
public enum DriverVersion {
  /** Rotation by its own serial loop; no skip window; the raw socket path as authority. */
  V1_5_6("1.5.6"),
  /**
   * Rotation by the kubelet's republish, skipped while the volume is younger than the poll
   * interval.
   */
  V1_6_0("1.6.0");

  private final String number;

  DriverVersion(String number) {
    this.number = number;
  }

  /** As its releases are named, without the letter. */
  public String number() {
    return number;
  }
}
