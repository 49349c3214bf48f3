package io.keybearer.provider.vault.fake;

import java.util.Map;

/**
 * What a login grants.
 *
 * @param displayName behind the mount's own
 * @param alias who it is, to the entity of that mount
 * @param metadata as told in the answer
 */
record Grant(TokenTerms terms, String displayName, String alias, Map<String, String> metadata) {}
