package io.keybearer.provider.token;

import io.keybearer.provider.SecretBytes;
import java.time.Instant;

/**
 * A pod's token for one audience.
 *
 * @param text the token itself
 * @param expires when it does
 * @param claims whose it says it is
 */
public record ServiceAccountToken(SecretBytes text, Instant expires, TokenClaims claims) {}
