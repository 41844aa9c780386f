/*
 * tls.h: the server's TLS, by OpenSSL: a transform of bytes that knows neither
 * sockets nor the loop.
 *
 * What a socket delivered goes in as a slice, and what must be sent is appended
 * to a buffer.  Between calls, an idle connection keeps no buffers.
 *
 * struct tls belongs to one thread.  A connection belongs to whoever calls it:
 * the steps of its handshake may run in another thread, and those of other
 * connections at the same time.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/slice.h"
#include "wampd/net/tls_facts.h"
#include "wampd/net/tls_files.h"

/* ---- the server's certificates and rules ---- */

struct tls;
struct tls_context;

/* Check the files without a server.  0, or -1 if a fault was told.  Logs a
 * warning for each certificate that is not valid today, as do the next two. */
int	tls_check(const struct tls_settings *set,
	    const struct tls_report *report);

/* Read the files.  NULL with *e filled, which names the key of wampd.yml. */
struct tls *tls_new(const struct tls_settings *set, struct errbuf *e);

/*
 * Read the files again.  The next connections use them, and the open ones go
 * on; their clients can still resume their sessions, unless the rules for
 * client certificates have changed.  0, or -1 with *e filled: all stays as it
 * was.
 *
 * tls_prepare() reads and checks; it may run in any thread, while the server
 * goes on, and changes nothing.  NULL when a fault was told.  tls_commit() lets
 * the next connections use the result, and takes it; tls_discard() frees it
 * instead.
 */
int	tls_renew(struct tls *t, const struct tls_settings *set,
	    struct errbuf *e);
struct tls_context *tls_prepare(const struct tls *t,
	    const struct tls_settings *set, const struct tls_report *report);
void	tls_commit(struct tls *t, struct tls_context *fresh);
void	tls_discard(struct tls_context *fresh);

/* A certificate that is in use. */
struct tls_cert {
	const char *name;	/* its first name, or NULL; borrowed until the
				 * next commit */
	int64_t	    not_after;	/* ms since 1970: when it expires */
};

/* The certificate that expires first, of all that are in use. */
struct tls_cert tls_soonest(const struct tls *t);

/* Seal session tickets with a new key from now on, and open only those of the
 * key before.  That happens by itself every 12 hours.  0, or -1 without random
 * numbers: the old key stays. */
int	tls_rotate(struct tls *t);

/* Connections may outlive it.  Accepts NULL. */
void	tls_free(struct tls *t);

/* ---- a connection ---- */

struct tls_conn;

/* NULL when out of memory.  It is small until the client's hello is there. */
struct tls_conn *tls_conn_new(struct tls *t);
void	tls_conn_free(struct tls_conn *c);	/* accepts NULL */

/* During the handshake: whether a step can be made, because a record of the
 * client is whole.  A part of one is kept, and *in is moved forward.  It costs
 * little, unlike a step: call it first, so that peers which say nothing, or
 * little, occupy no thread. */
bool	tls_conn_heard(struct tls_conn *c, struct slice *in);

enum tls_result {
	TLS_MORE,	/* all input was used, the handshake needs more */
	TLS_DONE,	/* it is complete; input may be left */
	TLS_FAILED,	/* send what is in out, and close */
};

/* A step of the handshake: use *in, which is moved forward, and append to out
 * what to send. */
enum tls_result tls_conn_handshake(struct tls_conn *c, struct slice *in,
	    struct buf *out);

/* Why the connection has failed, for the log: OpenSSL's words, such as "http
 * request".  Owned by c. */
const char *tls_conn_failure(const struct tls_conn *c);

/* After the handshake: append the subject of the client's certificate, such as
 * "CN=shop,O=Acme".  0, or -1 if it sent none. */
int	tls_conn_peer_name(const struct tls_conn *c, struct buf *out);

/* After the handshake: what is known of the client's certificate, which was
 * verified.  0, or -1: there is none, or it is not valid any more. */
int	tls_conn_facts(const struct tls_conn *c, struct tls_facts *out);

/* With this size of tls_conn_read(), no clear text stays behind. */
#define TLS_READ_SIZE	16384	/* bytes */

#define TLS_END		(-2)

/*
 * Decrypt: use *in, which is moved forward, and write clear text to plain, at
 * least TLS_READ_SIZE bytes.  Answers to the peer (alerts, updates of keys) are
 * appended to out; they are never longer than what led to them.  Returns the
 * number of bytes: call it again until it is none.  0: all input was used;
 * TLS_END: the peer has ended TLS; -1: the connection is broken, send what is
 * in out.
 */
ssize_t	tls_conn_read(struct tls_conn *c, struct slice *in, char *plain,
	    size_t size, struct buf *out);

/* Encrypt all of p, in records of 16 KiB but for the last one.  0, or -1: the
 * connection is broken. */
int	tls_conn_write(struct tls_conn *c, const char *p, size_t n,
	    struct buf *out);

/* End TLS in our direction (close_notify); nothing must be written after it. */
void	tls_conn_end(struct tls_conn *c, struct buf *out);
