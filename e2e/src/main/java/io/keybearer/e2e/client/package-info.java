/**
 * The client's half of the store double: two stores, {@code double} and {@code batch}, that a real
 * process can serve beside its own.
 *
 * <p>They speak the protocol of {@link io.keybearer.e2e.store}, but share no code with it: what
 * both halves got wrong in one place would not be seen.
 *
 * <p>Parameters of a SecretProviderClass:
 *
 * <ul>
 *   <li>{@code address}: {@code http://host:port} or {@code https://host:port}
 *   <li>{@code caFile}: the PEM file that is trusted with https, instead of the platform's
 *   <li>{@code role}: the role to log in with
 *   <li>{@code audience}: logs in with the pod's token of that audience; without one it logs in
 *       with the text of {@code token}
 *   <li>{@code objects}: a YAML list of {@code name}, {@code path} (else the name), {@code mode},
 *       {@code version} (that one for ever), {@code mint: "true"} (made for this mount), {@code
 *       unproven: MOUNT} (shared once the store has proven it of that mount)
 * </ul>
 */
@NullMarked
package io.keybearer.e2e.client;

import org.jspecify.annotations.NullMarked;
