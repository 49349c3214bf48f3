/**
 * Kubernetes manifests as files have them: the SecretProviderClasses in them, where each of their
 * parts stands, and what is wrong with them before any store is asked.
 */
@NullMarked
package io.keybearer.daemonset.manifest;

import org.jspecify.annotations.NullMarked;
