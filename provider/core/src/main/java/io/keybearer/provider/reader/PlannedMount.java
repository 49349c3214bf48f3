package io.keybearer.provider.reader;

import io.keybearer.provider.Freshness;
import io.keybearer.provider.MountId;
import io.keybearer.provider.MountPlan;
import io.keybearer.provider.PodIdentity;

/**
 * A mount that knows what to read.
 *
 * @param mount which volume
 * @param pod whose
 * @param parameters a digest of its parameters: a change of them makes the mount a first one again
 * @param freshness how fresh its values have to be
 * @param plan what it reads
 */
public record PlannedMount(
    MountId mount, PodIdentity pod, String parameters, Freshness freshness, MountPlan plan) {}
