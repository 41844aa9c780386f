/*
 * client.h: one WAMP client for every tool, over the control socket or a
 * WebSocket.  Blocking from the caller's view: each call that waits has the
 * client's timeout; meanwhile events are handed to the callback.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/cdefs.h>

#include "base/err.h"
#include "base/exit.h"
#include "base/slice.h"
#include "proto/wamp.h"

__BEGIN_DECLS

struct client;

struct client_target {
	const char *url;	/* ws://, wss://; NULL: the control socket */
	const char *url_from;	/* what to blame when that is no URL:
				 * "WAMP_URL"; NULL: nothing */
	const char *control;	/* path; NULL: path_control_find() */
	int64_t	    timeout_ms;	/* connecting, and each answer; 0: forever */
	int64_t	    keepalive_ms; /* ask a server that is silent for so long
				 * whether it is there, and give it up after
				 * as long again: EXIT_LOST; 0: never */
	bool	    trace;	/* every message to stderr */
	/* the rest is for an url; NULL is none */
	const char *ticket;
	const char *cra_user;	/* WAMP-CRA; with its secret */
	const char *cra_secret;
	const char *origin;
	const char *const *headers;	/* "Name: value", checked */
	size_t	    n_headers;
	bool	    no_subprotocol;
	const char *cacert;	/* wss: files in PEM */
	const char *cert;
	const char *key;
	bool	    any_chain;	/* wss: whoever signed the certificate */
	bool	    any_name;	/* wss: whatever host it is for */
	bool	    self_signed; /* wss: one that signed itself */
};

/* Both are borrowed for the call only. Called from inside the client's waits;
 * they must not call a waiting function of the client. */
struct client_events {
	/* [8, topic, event] */
	void (*event)(void *arg, const struct wamp_msg *m);
	/* A CALLERROR that answers no call: a refused SUBSCRIBE or PUBLISH
	 * (control socket; Gos does the same over WebSocket). */
	void (*refused)(void *arg, const struct wamp_msg *m);
	void *arg;
	/* An event that cannot be read, and why.  NULL: the connection is of
	 * no use then. */
	void (*passed_over)(void *arg, const char *what);
};

/* The result of a call, or its error. Slices are valid until the next client
 * call. */
struct client_answer {
	bool	     is_error;
	struct slice result;	/* JSON */
	struct slice uri;	/* is_error: JSON strings and value */
	struct slice desc;
	struct slice details;	/* len 0: none */
};

/*
 * Every function that can fail returns EXIT_DONE or the exit status that the
 * tool should end with, *e filled.
 */

/* One attempt to connect, and what to make of its failure. */
struct client_attempt {
	int  wake_fd;	/* in: ends it early when readable; -1: none */
	bool woken;	/* out: it did */
	bool may_pass;	/* out: the same may work in a while */
};

/* Connect and wait for WELCOME. *out is NULL on failure. */
enum exit_status client_open(struct client **out,
	    const struct client_target *t, const struct client_events *ev,
	    struct client_attempt *attempt, struct errbuf *e);

/* The peer's ident from WELCOME ("wampd/0.1.0"), and whether it is wampd, so
 * that wampd.* procedures exist. */
const char *client_ident(const struct client *c);
const char *client_session(const struct client *c);
bool	client_is_wampd(const struct client *c);

/* Queue a message; it leaves when the buffer is full or at the next flush or
 * wait.  Blocks only while the peer does not read. */
enum exit_status client_send(struct client *c, const struct slice *parts,
	    size_t n, struct errbuf *e);
enum exit_status client_flush(struct client *c, struct errbuf *e);

/* Call a procedure and wait for its answer. args_json as in wamp1_call(). */
enum exit_status client_call(struct client *c, struct slice uri,
	    struct slice args_json, struct client_answer *a,
	    struct errbuf *e);

/* "uri: description" of a CALLERROR, from the JSON strings in the message. */
void	client_explain(struct errbuf *e, struct slice uri, struct slice desc);

/* Wait for input and dispatch it: until until_ms of clock_ms() (-1: no end),
 * or until fd (-1: none) is readable, or until something was dispatched.
 * *fd_ready (may be NULL) says whether fd was. */
enum exit_status client_wait(struct client *c, int64_t until_ms, int fd,
	    bool *fd_ready, struct errbuf *e);

/* How long it waits for the server to answer, in milliseconds; 0: forever. */
int64_t	client_timeout(const struct client *c);

/* Let no wait for the server last longer than that any more. */
void	client_bound(struct client *c, int64_t ms);

/* From when fd is readable, let no wait for the server last longer than
 * bound_ms: what ends a tool must not wait for who never answers. */
void	client_wake(struct client *c, int fd, int64_t bound_ms);

/* Of clock_boot_ms(): since when the connection that was lost has been of no
 * use. A server that was given up may have gone long before it was. */
int64_t	client_lost_at(const struct client *c);

/* Flush, say goodbye (WebSocket: close handshake) and free. NULL is fine. */
enum exit_status client_close(struct client *c, struct errbuf *e);

/* Free at once, without a goodbye. */
void	client_free(struct client *c);

__END_DECLS
