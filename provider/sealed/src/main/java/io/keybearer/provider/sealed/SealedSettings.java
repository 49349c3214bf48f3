package io.keybearer.provider.sealed;

import java.nio.file.Path;

/**
 * What the administrator decides about sealed values.
 *
 * @param keyFolder where the private keys are mounted
 * @param allowClusterWide whether values may be used that open in any namespace
 * @param allowNameOverride whether the parameter {@code name} may stand for the SPC's own name
 */
public record SealedSettings(Path keyFolder, boolean allowClusterWide, boolean allowNameOverride) {}
