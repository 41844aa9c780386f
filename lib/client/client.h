/*
 * client.h: the WAMP client of all tools, over the control socket or a
 * WebSocket.  Functions block: each wait has the timeout of the client, and
 * events are passed to the callback in the meantime.
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
	const char *url_from;	/* where url comes from, for errors: "WAMP_URL";
				 * NULL: unknown */
	const char *control;	/* path; NULL: path_control_find() */
	int64_t	    timeout_ms;	/* connecting, and each answer; 0: forever */
	int64_t	    keepalive_ms; /* ask a server that is silent for this time
				   * whether it is there; EXIT_LOST if it is
				   * silent for this time again; 0: never */
	bool	    trace;	/* every message to stderr */
	/* the rest is for a url; NULL: none */
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
	bool	    any_chain;	/* wss: accept any signer of the certificate */
	bool	    any_name;	/* wss: accept a certificate for any host */
	bool	    self_signed; /* wss: accept a self-signed certificate */
};

/* Message and error are borrowed for the call only.  The callbacks run inside
 * the waits of the client, and must not call a function that waits. */
struct client_events {
	/* [8, topic, event] */
	void (*event)(void *arg, const struct wamp_msg *m);
	/* A CALLERROR that is not the answer to a call: a refused SUBSCRIBE or
	 * PUBLISH (on the control socket; Gos sends it over WebSocket, too). */
	void (*refused)(void *arg, const struct wamp_msg *m);
	void *arg;
	/* An event cannot be read, and why.  NULL: the connection fails
	 * then. */
	void (*passed_over)(void *arg, const char *what);
};

/* The result of a call, or its error. Slices are valid until the next client
 * call. */
struct client_answer {
	bool	     is_error;
	struct slice result;	/* JSON */
	struct slice uri;	/* if is_error: JSON strings and a value */
	struct slice desc;
	struct slice details;	/* len 0: none */
};

/*
 * Every function that can fail returns EXIT_DONE, or the exit status for the
 * tool with *e filled.
 */

/* One attempt to connect, and how it failed. */
struct client_attempt {
	int  wake_fd;	/* in: when readable, end the attempt; -1: none */
	bool woken;	/* out: wake_fd has ended the attempt */
	bool may_pass;	/* out: another attempt may succeed later */
};

/* Connect and wait for WELCOME. *out is NULL on failure. */
enum exit_status client_open(struct client **out,
	    const struct client_target *t, const struct client_events *ev,
	    struct client_attempt *attempt, struct errbuf *e);

/* The peer's ident from WELCOME ("wampd/0.1.0"), and whether it is wampd, which
 * has the procedures wampd.*. */
const char *client_ident(const struct client *c);
const char *client_session(const struct client *c);
bool	client_is_wampd(const struct client *c);

/* Queue a message.  It is sent when the buffer is full, or by the next flush or
 * wait.  Blocks only while the peer does not read. */
enum exit_status client_send(struct client *c, const struct slice *parts,
	    size_t n, struct errbuf *e);
enum exit_status client_flush(struct client *c, struct errbuf *e);

/* Call a procedure and wait for its answer. args_json as in wamp1_call(). */
enum exit_status client_call(struct client *c, struct slice uri,
	    struct slice args_json, struct client_answer *a,
	    struct errbuf *e);

/* Whether a call waits as long as events come: then its time limit is for the
 * time without any. */
void	client_set_patient(struct client *c, bool on);

/* "uri: description" of a CALLERROR, from the JSON strings in the message. */
void	client_explain(struct errbuf *e, struct slice uri, struct slice desc);

/* Wait for input and dispatch it, until something was dispatched, clock_ms()
 * reaches until_ms (-1: never), or fd (-1: none) is readable.  *fd_ready (may
 * be NULL) says whether fd is. */
enum exit_status client_wait(struct client *c, int64_t until_ms, int fd,
	    bool *fd_ready, struct errbuf *e);

/* How long the client waits for an answer, in milliseconds; 0: forever. */
int64_t	client_timeout(const struct client *c);

/* From now on, limit each wait for the server to bound_ms. */
void	client_bound(struct client *c, int64_t ms);

/* As soon as fd is readable, limit each wait for the server to bound_ms: a tool
 * that ends must not wait for a server that does not answer. */
void	client_wake(struct client *c, int fd, int64_t bound_ms);

/* Since when the lost connection has not worked, as a time of clock_boot_ms().
 * This may be long before it was given up. */
int64_t	client_lost_at(const struct client *c);

/* Flush, say goodbye (WebSocket: close handshake) and free. NULL is fine. */
enum exit_status client_close(struct client *c, struct errbuf *e);

/* Free at once, without a goodbye. */
void	client_free(struct client *c);

__END_DECLS
