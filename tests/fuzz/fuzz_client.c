/*
 * fuzz_client.c: a server that says anything, to the client of the tools.
 *
 * The first byte chooses the transport and what the client does.  The rest is
 * what the server does, in steps: a byte that chooses one, a byte for a length,
 * and so many bytes.  Where a message has the byte 1, the id of the client's
 * last call is put in.  The client must come to an end, with an answer that is
 * JSON or with an error.
 */
#include <assert.h>
#include <openssl/evp.h>
#include <openssl/sha.h>
#include <poll.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "../unit/scratch.h"
#include "base/buf.h"
#include "client/client.h"
#include "client/publisher.h"
#include "fuzz.h"
#include "proto/wamp1.h"

#define SOCKET	"server.sock"
#define WAIT	10	/* ms for what the client may say */
#define TIMEOUT	3000	/* ms; the server always ends before */
#define GUID	"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

/* Of the first byte. */
#define OVER_WS	0x01
#define ANY_HEAD 0x02	/* the server does not shake hands by itself */
#define CRA	0x04
#define PUBLISH	0x08
#define KEEPALIVE 0x10

int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct server {
	int	     fd;		/* listens */
	bool	     ws, any_head;
	struct slice steps;
	struct buf   heard;
	char	     id[64];		/* of the last call, with its quotes */
};

/* ---- the server ---- */

static void
server_listen(struct server *s)
{
	struct sockaddr_un sun = { .sun_family = AF_UNIX };

	scratch_remove(SOCKET);
	(void)snprintf(sun.sun_path, sizeof(sun.sun_path), "%s",
	    scratch_path(SOCKET));
	s->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (s->fd == -1 || bind(s->fd, (struct sockaddr *)&sun,
	    sizeof(sun)) == -1 || listen(s->fd, 8) == -1)
		abort();
}

static void
server_say(int fd, struct slice text)
{
	ssize_t n;

	while (text.len > 0 &&
	    (n = send(fd, text.p, text.len, MSG_NOSIGNAL)) > 0)
		text = slice_of(text.p + n, text.len - (size_t)n);
}

/* Read what the client says, for at most so long (-1: until its end). */
static bool
server_hear(struct server *s, int fd, int wait)
{
	struct pollfd in = { .fd = fd, .events = POLLIN };
	char bytes[4096];
	ssize_t n;

	if (poll(&in, 1, wait) != 1 ||
	    (n = recv(fd, bytes, sizeof(bytes), 0)) <= 0)
		return false;
	if (buf_add(&s->heard, bytes, (size_t)n) == -1)
		abort();
	return true;
}

/* Find the id of the last call; a WebSocket client's bytes are masked. */
static void
server_find_id(struct server *s)
{
	struct slice text = buf_slice(&s->heard);
	const char *at = memmem(text.p, text.len, "\"call-", 6), *end;
	size_t left;

	if (at == NULL)
		return;
	left = text.len - (size_t)(at - text.p);
	end = memchr(at + 1, '"', left - 1);
	if (end != NULL && (size_t)(end - at) + 2 < sizeof(s->id))
		(void)snprintf(s->id, sizeof(s->id), "%.*s",
		    (int)(end - at) + 1, at);
}

/* The payloads of the client's frames, in the place of their bytes. */
static void
server_unmask(struct server *s)
{
	struct buf *b = &s->heard;
	unsigned char *p = (unsigned char *)b->data;
	size_t at = 0, len, head, i;

	while (at + 6 <= b->len) {
		len = p[at + 1] & 127;
		head = len == 126 ? 8 : 6;
		if (len == 126 && at + 8 <= b->len)
			len = (size_t)p[at + 2] << 8 | p[at + 3];
		if (at + head + len > b->len)
			break;
		for (i = 0; i < len; i++)
			p[at + head + i] ^= p[at + head - 4 + (i & 3)];
		at += head + len;
	}
}

static void
server_shake(struct server *s, int fd)
{
	unsigned char digest[SHA_DIGEST_LENGTH];
	struct buf text = { 0 };
	const char *key, *end;
	char accept[64];

	do {
		if (!server_hear(s, fd, TIMEOUT))
			return;
	} while (memmem(s->heard.data, s->heard.len, "\r\n\r\n", 4) == NULL);
	if (s->any_head)
		return;
	key = strstr(buf_cstr(&s->heard), "Sec-WebSocket-Key: ");
	if (key == NULL || (end = strstr(key, "\r\n")) == NULL)
		abort();
	key += strlen("Sec-WebSocket-Key: ");
	if (buf_add(&text, key, (size_t)(end - key)) == -1 ||
	    buf_add_str(&text, GUID) == -1)
		abort();
	(void)SHA1((unsigned char *)text.data, text.len, digest);
	(void)EVP_EncodeBlock((unsigned char *)accept, digest,
	    SHA_DIGEST_LENGTH);
	buf_reset(&text);
	if (buf_addf(&text, "HTTP/1.1 101 Switching Protocols\r\n"
	    "Upgrade: websocket\r\nConnection: Upgrade\r\n"
	    "Sec-WebSocket-Protocol: wamp\r\n"
	    "Sec-WebSocket-Accept: %s\r\n\r\n", accept) == -1)
		abort();
	server_say(fd, buf_slice(&text));
	buf_clear(&text);
	buf_reset(&s->heard);
}

/* A line, or a frame of this first byte. */
static void
server_message(struct server *s, int fd, unsigned first, struct slice text)
{
	struct buf body = { 0 }, out = { 0 };
	size_t i;

	for (i = 0; i < text.len; i++)
		if ((text.p[i] == 1 ? buf_add_str(&body, s->id) :
		    buf_add_char(&body, text.p[i])) == -1)
			abort();
	if (s->ws && (buf_add_char(&out, (char)first) == -1 || (body.len < 126 ?
	    buf_add_char(&out, (char)body.len) :
	    buf_addf(&out, "\x7e%c%c", (int)(body.len >> 8),
	    (int)(body.len & 255))) == -1))
		abort();
	if (buf_add_slice(&out, buf_slice(&body)) == -1 ||
	    (!s->ws && buf_add_char(&out, '\n') == -1))
		abort();
	server_say(fd, buf_slice(&out));
	buf_clear(&out);
	buf_clear(&body);
}

static void
server_step(struct server *s, int fd, uint8_t how, struct slice text)
{
	switch (how & 3) {
	case 0:
		server_message(s, fd, 0x81, text);
		break;
	case 1:
		server_say(fd, text);
		break;
	case 2:
		if (!server_hear(s, fd, WAIT))
			break;
		if (s->ws)
			server_unmask(s);
		server_find_id(s);
		buf_reset(&s->heard);
		break;
	default:
		server_message(s, fd, 0x80 ^ (how >> 2), text);
		break;
	}
}

static void *
server_run(void *arg)
{
	struct server *s = arg;
	struct slice left = s->steps;
	int fd = accept(s->fd, NULL, NULL);
	size_t n;

	if (fd == -1)
		return NULL;
	if (s->ws)
		server_shake(s, fd);
	while (left.len >= 2) {
		n = (uint8_t)left.p[1];
		n = n < left.len - 2 ? n : left.len - 2;
		server_step(s, fd, (uint8_t)left.p[0],
		    slice_of(left.p + 2, n));
		left = slice_of(left.p + 2 + n, left.len - 2 - n);
	}
	(void)shutdown(fd, SHUT_WR);
	while (server_hear(s, fd, TIMEOUT))
		buf_reset(&s->heard);
	(void)close(fd);
	return NULL;
}

/* ---- the client ---- */

static void
on_event(void *arg, const struct wamp_msg *m)
{
	unsigned *events = arg;

	assert(is_json(m->event.text, JSON_DEPTH_MAX, NULL));
	assert(is_json(m->uri.text, 1, NULL));
	(*events)++;
}

static void
on_refused(void *arg, const struct wamp_msg *m)
{
	struct errbuf e;

	(void)arg;
	client_explain(&e, m->uri.text, m->desc.text);
	assert(e.msg[0] != '\0');
}

static void
on_passed_over(void *arg, const char *what)
{
	(void)arg;
	assert(what[0] != '\0');
}

static enum exit_status
subscribe(struct client *c, struct errbuf *e)
{
	struct slice parts[WAMP1_PARTS_MAX];

	return client_send(c, parts, wamp1_subscribe(parts,
	    SLICE("\"topic\"")), e);
}

/* What a tool does, until something fails. */
static enum exit_status
talk(struct client *c, bool publishes, struct errbuf *e)
{
	struct client_answer a;
	enum exit_status rc;
	int i;

	assert(strlen(client_ident(c)) < 65536);
	rc = subscribe(c, e);
	for (i = 0; i < 3 && rc == EXIT_DONE; i++) {
		rc = client_call(c, publishes ? SLICE("wampd.barrier") :
		    SLICE("wampd.echo"), SLICE(""), &a, e);
		if (rc != EXIT_DONE)
			break;
		if (a.is_error)
			client_explain(e, a.uri, a.desc);
		else
			assert(is_json(a.result, JSON_DEPTH_MAX, NULL));
	}
	while (rc == EXIT_DONE)
		rc = client_wait(c, -1, -1, NULL, e);
	return rc;
}

static void
play(const struct client_target *t, uint8_t how)
{
	struct client_attempt attempt = { .wake_fd = -1 };
	struct errbuf e = { "" };
	struct client *c;
	unsigned events = 0;
	const struct client_events ev = {
		.event = on_event, .refused = on_refused, .arg = &events,
		.passed_over = on_passed_over,
	};
	enum exit_status rc = client_open(&c, t, &ev, &attempt, &e);

	assert((rc == EXIT_DONE) == (c != NULL));
	if (c != NULL) {
		rc = talk(c, how & PUBLISH, &e);
		assert(rc != EXIT_DONE);
		(void)client_close(c, &e);
	}
	assert(e.msg[0] != '\0');
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct client_target t = { .timeout_ms = TIMEOUT };
	struct server s = { .id = "\"none\"" };
	struct buf url = { 0 };
	pthread_t thread;

	if (size == 0)
		return 0;
	s.ws = data[0] & OVER_WS;
	s.any_head = data[0] & ANY_HEAD;
	s.steps = slice_of((const char *)data + 1, size - 1);
	server_listen(&s);
	if (pthread_create(&thread, NULL, server_run, &s) != 0)
		abort();
	t.control = scratch_path(SOCKET);
	if (s.ws && (buf_addf(&url, "ws+unix://%s:/", t.control) == -1 ||
	    (t.url = buf_cstr(&url)) == NULL))
		abort();
	if (data[0] & CRA) {
		t.cra_user = "me";
		t.cra_secret = "secret";
	}
	if (data[0] & KEEPALIVE)
		t.keepalive_ms = 5;
	play(&t, data[0]);
	(void)shutdown(s.fd, SHUT_RDWR);
	(void)pthread_join(thread, NULL);
	(void)close(s.fd);
	buf_clear(&s.heard);
	buf_clear(&url);
	return 0;
}
