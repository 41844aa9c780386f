/*
 * tls.c: the server's TLS: a connection as a transform of bytes.
 */
#include "wampd/net/tls.h"

#include <limits.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>

#include "wampd/net/tls_bio.h"
#include "wampd/net/tls_context.h"
#include "wampd/net/tls_tickets.h"

#define RECORD_HEADER	5	/* bytes */
#define RECORD_TEXT	16384	/* at most, in bytes */
#define RECORD_MAX	(RECORD_TEXT + 2048)	/* encrypted (RFC 5246) */
#define RECORD_EXTRA	32	/* bytes around the text; 29 in TLS 1.2 */
#define RECORD_ALERT	21	/* types of records */
#define RECORD_HANDSHAKE 22
#define VERSION_MAJOR	3
#define HELLO_HEADER	4	/* bytes */
#define HELLO_MAX	16384	/* bytes; OpenSSL takes 131396, at once */

/* Records that a key encrypts in TLS 1.3.  AES-GCM is safe up to 2^24.5 of them
 * (RFC 8446, 5.5). */
#define KEY_RECORDS	(1u << 23)

/* A record without data, such as an update of keys, costs a hundred times its
 * size in data.  A client has a few, and one more for each 64 KiB of data. */
#define IDLE_RECORDS	32
#define IDLE_BYTES	65536

struct tls {
	atomic_uint	    refs;	/* its owner and the connections */
	BIO_METHOD	   *bio;	/* owned */
	struct tls_tickets *tickets;	/* owned */
	struct tls_context *context;	/* a reference; of the last reading */
};

struct tls_conn {
	struct tls	   *tls;	/* a reference */
	struct tls_context *context;	/* a reference, until it is done */
	SSL		   *ssl;	/* owned; NULL before the hello */
	struct tls_ends	    ends;	/* of the call that runs */
	struct buf	    text;	/* owned; a part of the hello; or of
					 * failure */
	const char	   *failure;	/* NULL: none */
	uint32_t	    records;	/* written with this key, at most */
	uint32_t	    idle;	/* records that were read without
					 * data */
	uint64_t	    bytes;	/* data that was read */
	int		    end;	/* 0, or what read will return */
};

/* ---- the server ---- */

/* Keep the first fault. */
static void
on_fault(void *arg, enum tls_file file, size_t i, const char *text)
{
	struct errbuf *e = arg;

	(void)file;
	(void)i;
	if (e->msg[0] == '\0')
		err_set(e, "%s", text);
}

static struct tls_context *
context_read(const struct tls_settings *set, struct tls_tickets *tickets,
    struct errbuf *e)
{
	const struct tls_report report = { .fault = on_fault, .arg = e };

	e->msg[0] = '\0';
	return tls_context_new(set, tickets, &report);
}

int
tls_check(const struct tls_settings *set, const struct tls_report *report)
{
	struct tls_context *x = tls_context_new(set, NULL, report);

	tls_context_unref(x);
	return x != NULL ? 0 : -1;
}

static void
tls_unref(struct tls *t)
{
	if (atomic_fetch_sub_explicit(&t->refs, 1, memory_order_acq_rel) > 1)
		return;
	BIO_meth_free(t->bio);
	tls_tickets_free(t->tickets);
	free(t);
}

struct tls_context *
tls_prepare(const struct tls *t, const struct tls_settings *set,
    const struct tls_report *report)
{
	return tls_context_new(set, t->tickets, report);
}

void
tls_commit(struct tls *t, struct tls_context *fresh)
{
	tls_context_unref(t->context);
	t->context = fresh;
}

void
tls_discard(struct tls_context *fresh)
{
	tls_context_unref(fresh);
}

int
tls_renew(struct tls *t, const struct tls_settings *set, struct errbuf *e)
{
	struct tls_context *fresh = context_read(set, t->tickets, e);

	if (fresh == NULL)
		return -1;
	tls_commit(t, fresh);
	return 0;
}

struct tls_cert
tls_soonest(const struct tls *t)
{
	return tls_context_soonest(t->context);
}

int
tls_rotate(struct tls *t)
{
	return tls_tickets_rotate(t->tickets);
}

void
tls_free(struct tls *t)
{
	if (t == NULL)
		return;
	tls_context_unref(t->context);
	t->context = NULL;
	tls_unref(t);
}

struct tls *
tls_new(const struct tls_settings *set, struct errbuf *e)
{
	struct tls *t = calloc(1, sizeof(*t));

	if (t == NULL) {
		err_set(e, "out of memory");
		return NULL;
	}
	atomic_init(&t->refs, 1);
	if ((t->bio = tls_bio_method()) == NULL ||
	    (t->tickets = tls_tickets_new()) == NULL)
		err_set(e, "OpenSSL does not start");
	else if ((t->context = context_read(set, t->tickets, e)) != NULL)
		return t;
	ERR_clear_error();
	tls_free(t);
	return NULL;
}

/* ---- a connection's life ---- */

struct tls_conn *
tls_conn_new(struct tls *t)
{
	struct tls_conn *c = calloc(1, sizeof(*c));

	if (c == NULL)
		return NULL;
	(void)atomic_fetch_add_explicit(&t->refs, 1, memory_order_relaxed);
	c->tls = t;
	c->context = tls_context_ref(t->context);
	return c;
}

void
tls_conn_free(struct tls_conn *c)
{
	if (c == NULL)
		return;
	SSL_free(c->ssl);
	tls_context_unref(c->context);
	tls_unref(c->tls);
	buf_clear(&c->text);
	free(c);
}

/* Before a call of OpenSSL, whose queue of errors belongs to the thread. */
static void
conn_enter(struct tls_conn *c, struct slice *in, struct buf *out)
{
	ERR_clear_error();
	c->ends = (struct tls_ends){ in, out };
}

static void
conn_leave(struct tls_conn *c)
{
	c->ends = (struct tls_ends){ NULL, NULL };
	ERR_clear_error();
}

/* Keep OpenSSL's reason.  If a certificate does not verify, it has two. */
static void
conn_fail(struct tls_conn *c)
{
	const char *reason = tls_reason(), *text = NULL;

	c->failure = reason != NULL ? reason : "out of memory";
	c->end = -1;
	if (ERR_GET_LIB(ERR_peek_error()) != ERR_LIB_SSL ||
	    ERR_GET_REASON(ERR_peek_error()) !=
	    SSL_R_CERTIFICATE_VERIFY_FAILED)
		return;
	buf_reset(&c->text);
	if (buf_addf(&c->text, "%s: %s", reason, X509_verify_cert_error_string(
	    SSL_get_verify_result(c->ssl))) == 0)
		text = buf_cstr(&c->text);
	if (text != NULL)
		c->failure = text;
}

const char *
tls_conn_failure(const struct tls_conn *c)
{
	return c->failure;
}

/* ---- the handshake ---- */

/* Whether OpenSSL refuses the record for its header. */
static bool
is_refused(const unsigned char *p)
{
	return p[1] != VERSION_MAJOR || (p[3] << 8 | p[4]) > RECORD_MAX;
}

/* How many bytes OpenSSL needs of this beginning, so that it neither keeps a
 * part of a record nor waits for the rest. */
static size_t
record_size(struct slice s)
{
	const unsigned char *p = (const unsigned char *)s.p;

	if (s.len < RECORD_HEADER || is_refused(p))
		return RECORD_HEADER;
	return RECORD_HEADER + ((size_t)p[3] << 8 | p[4]);
}

bool
tls_conn_heard(struct tls_conn *c, struct slice *in)
{
	size_t n, want;

	if (c->failure != NULL ||
	    (c->text.len == 0 && in->len >= record_size(*in)))
		return true;
	while ((want = record_size(buf_slice(&c->text))) > c->text.len) {
		if (in->len == 0)
			return false;
		n = want - c->text.len;
		if (n > in->len)
			n = in->len;
		if (buf_add(&c->text, in->p, n) == -1) {
			c->failure = "out of memory";
			return true;
		}
		in->p += n;
		in->len -= n;
	}
	return true;
}

/*
 * Why OpenSSL may not see the first record; NULL: it may.  It would allocate
 * the size that the hello's header tells; a record too short for this header
 * would hide it, and no client sends one.  A hello in the form of SSL 2 has no
 * records that we could gather.
 */
static const char *
hello_fault(struct slice s)
{
	const unsigned char *p = (const unsigned char *)s.p;
	size_t size;

	if (p[0] & 0x80)
		return "unsupported protocol";
	if (p[0] != RECORD_HANDSHAKE || is_refused(p))
		return NULL;		/* OpenSSL says why */
	if (s.len < RECORD_HEADER + HELLO_HEADER)
		return "the client's hello is cut up";
	size = (size_t)p[RECORD_HEADER + 1] << 16 |
	    (size_t)p[RECORD_HEADER + 2] << 8 | p[RECORD_HEADER + 3];
	return size > HELLO_MAX ? "the client's hello is too long" : NULL;
}

/* Begin with the first record. */
static int
conn_begin(struct tls_conn *c, struct slice record, struct buf *out)
{
	/* Fatal: illegal_parameter. */
	static const char alert[] = { RECORD_ALERT, 3, 3, 0, 2, 2, 47 };
	BIO *bio;

	if ((c->failure = hello_fault(record)) != NULL) {
		(void)buf_add(out, alert, sizeof(alert));
		return -1;
	}
	c->ssl = SSL_new(tls_context_ssl(c->context));
	if (c->ssl != NULL && (bio = tls_bio_new(c->tls->bio,
	    &c->ends)) != NULL) {
		SSL_set_bio(c->ssl, bio, bio);
		SSL_set_accept_state(c->ssl);
		return 0;
	}
	c->failure = "out of memory";
	ERR_clear_error();
	return -1;
}

/* The certificates and keys are not needed any more; renewed ones can go. */
static void
conn_done(struct tls_conn *c)
{
	SSL_certs_clear(c->ssl);
	tls_context_unref(c->context);
	c->context = NULL;
}

/* A step with a whole record. */
static enum tls_result
conn_step(struct tls_conn *c, struct slice record, struct buf *out)
{
	enum tls_result result = TLS_MORE;
	int rc;

	if (c->ssl == NULL && conn_begin(c, record, out) == -1)
		return TLS_FAILED;
	conn_enter(c, &record, out);
	rc = SSL_do_handshake(c->ssl);
	if (rc == 1) {
		conn_done(c);
		result = TLS_DONE;
	} else if (SSL_get_error(c->ssl, rc) != SSL_ERROR_WANT_READ) {
		conn_fail(c);
		result = TLS_FAILED;
	}
	conn_leave(c);
	return result;
}

enum tls_result
tls_conn_handshake(struct tls_conn *c, struct slice *in, struct buf *out)
{
	enum tls_result result = TLS_MORE;
	struct buf kept;
	size_t n;

	while (result == TLS_MORE && tls_conn_heard(c, in)) {
		if (c->failure != NULL)
			return TLS_FAILED;
		if (c->text.len > 0) {
			kept = c->text;	/* the text may become a failure's */
			c->text = (struct buf){ 0 };
			result = conn_step(c, buf_slice(&kept), out);
			buf_clear(&kept);
			continue;
		}
		n = record_size(*in);
		result = conn_step(c, slice_of(in->p, n), out);
		*in = slice_of(in->p + n, in->len - n);
	}
	return result;
}

int
tls_conn_peer_name(const struct tls_conn *c, struct buf *out)
{
	const X509 *cert = SSL_get0_peer_certificate(c->ssl);

	return cert != NULL ? tls_subject(cert, out) : -1;
}

int
tls_conn_facts(const struct tls_conn *c, struct tls_facts *out)
{
	const X509 *cert = c->ssl != NULL ?
	    SSL_get0_peer_certificate(c->ssl) : NULL;

	if (cert == NULL || SSL_get_verify_result(c->ssl) != X509_V_OK)
		return -1;
	return tls_facts_read(out, cert);
}

/* ---- reading and writing ---- */

/* OpenSSL has read no data.  Whether reading must end: the input is used up, or
 * the connection is. */
static bool
conn_idle(struct tls_conn *c)
{
	int error = SSL_get_error(c->ssl, 0);

	if (error == SSL_ERROR_ZERO_RETURN) {
		c->end = TLS_END;
	} else if (error != SSL_ERROR_WANT_READ) {
		conn_fail(c);
	} else if (c->ends.in->len > 0 &&
	    ++c->idle > IDLE_RECORDS + c->bytes / IDLE_BYTES) {
		c->failure = "too many records without data";
		c->end = -1;
	}
	return c->end != 0 || c->ends.in->len == 0;
}

/* A record is decrypted as a whole: there is room for one before each. */
ssize_t
tls_conn_read(struct tls_conn *c, struct slice *in, char *plain, size_t size,
    struct buf *out)
{
	size_t n, got = 0;

	if (c->end != 0 || in->len == 0)
		return c->end;
	conn_enter(c, in, out);
	do {
		if (SSL_read_ex(c->ssl, plain + got, size - got, &n) == 1)
			got += n;
		else if (conn_idle(c))
			break;
	} while (in->len > 0 && size - got >= RECORD_TEXT);
	conn_leave(c);
	c->bytes += got;
	return got > 0 ? (ssize_t)got : c->end;
}

int
tls_conn_write(struct tls_conn *c, const char *p, size_t n, struct buf *out)
{
	size_t records = n / RECORD_TEXT + 1, written;
	int rc = 0;

	if (n == 0)
		return 0;
	/* Grow at once, not record by record. */
	if (buf_reserve(out, n + records * RECORD_EXTRA) == -1)
		return -1;
	conn_enter(c, NULL, out);
	if ((c->records += (uint32_t)records) >= KEY_RECORDS) {
		(void)SSL_key_update(c->ssl, SSL_KEY_UPDATE_NOT_REQUESTED);
		c->records = 0;
	}
	if (SSL_write_ex(c->ssl, p, n, &written) != 1) {
		conn_fail(c);
		rc = -1;
	}
	conn_leave(c);
	return rc;
}

void
tls_conn_end(struct tls_conn *c, struct buf *out)
{
	if (c->ssl == NULL || !SSL_is_init_finished(c->ssl))
		return;
	conn_enter(c, NULL, out);
	(void)SSL_shutdown(c->ssl);
	conn_leave(c);
}
