/*
 * cra.h: WAMP-CRA, the login of WAMP v1 by challenge and response.
 */
#pragma once

#include "base/buf.h"
#include "base/err.h"
#include "base/exit.h"
#include "base/slice.h"

struct client;
struct client_answer;

#define CRA_AUTHREQ	SLICE("http://api.wamp.ws/procedure#authreq")
#define CRA_AUTH	SLICE("http://api.wamp.ws/procedure#auth")

/* Append the signature of a challenge, the text that authreq returned.  The key
 * is the secret, or is derived from it if the challenge has a salt.  0 or
 * -1. */
int	cra_sign(struct buf *out, struct slice challenge, const char *secret,
	    struct errbuf *e);

/* client_call() as a parameter: the client logs in while it is being opened. */
typedef enum exit_status cra_call_fn(struct client *c,
	    struct slice procedure, struct slice args_json,
	    struct client_answer *a, struct errbuf *e);

/* Log in on an open connection.  EXIT_CONNECT if the server refuses. */
enum exit_status cra_login(struct client *c, cra_call_fn *call,
	    const char *user, const char *secret, struct errbuf *e);
