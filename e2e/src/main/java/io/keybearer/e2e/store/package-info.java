/**
 * A double of a secret store that is reached over HTTP: a small real server with state, counts and
 * faults, which tests and benchmarks turn while a client talks to it.
 *
 * <p>{@link io.keybearer.e2e.store.StoreServer} is the way in. It answers, in JSON:
 *
 * <ul>
 *   <li>{@code POST /v1/login {"role","token"}}: {@code {"session","ttlSeconds","reusable"}}; 401
 *       for a token without identity or a revoked one, 403 for a role that refuses the identity
 *   <li>{@code GET /v1/secrets/{path}[?version=N]}: {@code {"name","version","value"}}, the version
 *       a number, the value in Base64; 404, 403
 *   <li>{@code POST /v1/batch {"names":[...]}}: {@code {"items":[...]}}, each with a value or with
 *       {@code "error":"not found"} or {@code "denied"}; 400 for too many names
 *   <li>{@code POST /v1/mint/{path}}: {@code {"name","lease","ttlSeconds","value"}}; 403
 *   <li>{@code GET /v1/proof/{mount}}: {@code {"shared"}}; 403
 *   <li>{@code POST /v1/renew}: {@code {"ttlSeconds","items":[{"name","ttlSeconds"}]}}, 0 for a
 *       session that can't be renewed; its leases begin their time anew, and are the items
 *   <li>{@code POST /v1/revoke}: 204; the session's leases end with it
 * </ul>
 *
 * <p>All but the login need the header {@code X-Session}, or get 401. What is no such request gets
 * 400; every error has a body {@code {"error"}}.
 */
@NullMarked
package io.keybearer.e2e.store;

import org.jspecify.annotations.NullMarked;
