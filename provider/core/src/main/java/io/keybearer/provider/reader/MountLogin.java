package io.keybearer.provider.reader;

import io.keybearer.provider.Login;

/**
 * A login of a mount's plan, and the sessions that it stands for.
 *
 * @param shared the session that serves every mount of the identity
 * @param own the session that serves this mount alone
 */
record MountLogin(Login login, SessionId shared, SessionId own) {}
