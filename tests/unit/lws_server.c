/*
 * lws_server.c: libwebsockets as a server of HTTP.
 */
#include "lws_server.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "wampd/core/principal.h"

#define PIECE		(64u << 10)	/* bytes of the large body */
#define HEAD		1024		/* bytes of an answer's head, at most */
#define HEADS		32768	/* bytes of a request's head, at most */
#define CONNECTIONS	1000

/* A connection. */
struct visitor {
	struct buf path;
	struct buf line;	/* the verdict */
	size_t	   sent;	/* of the large body */
};

/* ---- bodies ---- */

static char
byte_at(size_t i)
{
	return (char)('a' + (i ^ i >> 8 ^ i >> 16) % 26);
}

bool
lws_server_is_large(struct slice body)
{
	size_t i = 0;

	while (i < body.len && body.p[i] == byte_at(i))
		i++;
	return i == body.len && i <= LWS_SERVER_LARGE;
}

void
lws_server_line(struct buf *out, struct slice path, struct slice peer,
    const char *principal, bool tls)
{
	if (buf_addf(out, "path=%.*s peer=%.*s principal=%s tls=%d\n",
	    (int)path.len, path.p, (int)peer.len, peer.p, principal,
	    tls) == -1)
		abort();
}

static int
write_head(struct lws *wsi, const char *type, size_t length)
{
	unsigned char bytes[LWS_PRE + HEAD], *start = bytes + LWS_PRE;
	unsigned char *p = start, *end = bytes + sizeof(bytes);

	if (lws_add_http_common_headers(wsi, HTTP_STATUS_OK, type, length, &p,
	    end) != 0 || lws_add_http_header_by_token(wsi,
	    WSI_TOKEN_CONNECTION, (const unsigned char *)"close", 5, &p,
	    end) != 0)
		return -1;
	return lws_finalize_write_http_header(wsi, start, &p, end);
}

static int
write_body(struct lws *wsi, struct slice body, bool last)
{
	unsigned char *bytes = malloc(LWS_PRE + body.len);
	int n;

	if (bytes == NULL)
		abort();
	memcpy(bytes + LWS_PRE, body.p, body.len);
	n = lws_write(wsi, bytes + LWS_PRE, body.len, last ?
	    LWS_WRITE_HTTP_FINAL : LWS_WRITE_HTTP);
	free(bytes);
	return n < (int)body.len ? -1 : 0;
}

/* ---- answers ---- */

/* Only a negative number closes the connection in each callback. */
static int
complete(struct lws *wsi)
{
	return lws_http_transaction_completed(wsi) ? -1 : 0;
}

static int
answer_line(struct lws *wsi, struct visitor *v)
{
	struct slice line = buf_slice(&v->line);
	bool head = lws_hdr_total_length(wsi, WSI_TOKEN_HEAD_URI) > 0;

	if (write_head(wsi, "text/plain", line.len) != 0 ||
	    (!head && write_body(wsi, line, true) == -1))
		return -1;
	return complete(wsi);
}

static int
answer_half(struct lws *wsi)
{
	(void)(write_head(wsi, "text/plain", 20) != 0 ||
	    write_body(wsi, SLICE("ten bytes\n"), false) == -1);
	return -1;
}

static int
answer_stored(struct lws *wsi, struct lws_server *s)
{
	int n = lws_serve_http_file(wsi, s->stored, "text/plain", NULL, 0);

	if (n < 0)
		return -1;
	return n > 0 ? complete(wsi) : 0;
}

static int
answer(struct lws *wsi, struct lws_server *s, struct visitor *v)
{
	const char *path = buf_cstr(&v->path);

	s->requests++;
	if (strcmp(path, "/files/silent") == 0) {
		s->silent = wsi;
		return 0;
	}
	if (strcmp(path, "/files/nothing") == 0)
		return -1;
	if (strcmp(path, "/files/half") == 0)
		return answer_half(wsi);
	if (strcmp(path, "/files/stored") == 0)
		return answer_stored(wsi, s);
	if (strcmp(path, "/files/large") != 0)
		return answer_line(wsi, v);
	if (write_head(wsi, "text/plain", LWS_SERVER_LARGE) != 0)
		return -1;
	return lws_callback_on_writable(wsi) < 0 ? -1 : 0;
}

static int
answer_more(struct lws *wsi, struct lws_server *s, struct visitor *v)
{
	static char piece[PIECE];
	size_t i;

	if (wsi == s->silent)
		return answer_line(wsi, v);
	for (i = 0; i < PIECE; i++)
		piece[i] = byte_at(v->sent + i);
	v->sent += PIECE;
	if (write_body(wsi, slice_of(piece, PIECE),
	    v->sent == LWS_SERVER_LARGE) == -1)
		return -1;
	s->written += PIECE;
	if (v->sent == LWS_SERVER_LARGE)
		return complete(wsi);
	return lws_callback_on_writable(wsi) < 0 ? -1 : 0;
}

/* ---- connections ---- */

/* What is borrowed for the call is copied. */
static void
visitor_new(struct lws *wsi, struct lws_server *s)
{
	const struct site_visit *from = s->visit;
	struct visitor *v = calloc(1, sizeof(*v));
	struct buf peer = { 0 };

	if (v == NULL || from == NULL ||
	    buf_add_slice(&v->path, from->path) == -1 ||
	    address_describe(&from->peer, &peer) == -1)
		abort();
	lws_server_line(&v->line, from->path, buf_slice(&peer),
	    from->principal->name, from->tls);
	buf_clear(&peer);
	lws_set_opaque_user_data(wsi, v);
	s->open++;
}

static void
visitor_free(struct lws_server *s, struct visitor *v)
{
	if (v == NULL)
		return;
	buf_clear(&v->path);
	buf_clear(&v->line);
	free(v);
	s->open--;
}

static int
on_event(struct lws *wsi, enum lws_callback_reasons reason, void *user,
    void *in, size_t len)
{
	struct lws_server *s = lws_context_user(lws_get_context(wsi));

	switch (reason) {
	case LWS_CALLBACK_SERVER_NEW_CLIENT_INSTANTIATED:
		visitor_new(wsi, s);
		return 0;
	case LWS_CALLBACK_HTTP:
		return answer(wsi, s, lws_get_opaque_user_data(wsi));
	case LWS_CALLBACK_HTTP_WRITEABLE:
		return answer_more(wsi, s, lws_get_opaque_user_data(wsi));
	case LWS_CALLBACK_HTTP_FILE_COMPLETION:
		return complete(wsi);
	case LWS_CALLBACK_WSI_DESTROY:
		if (wsi == s->silent)
			s->silent = NULL;
		visitor_free(s, lws_get_opaque_user_data(wsi));
		return 0;
	default:
		return lws_callback_http_dummy(wsi, reason, user, in, len);
	}
}

/* Adopting may already answer, so the verdict must be at hand. */
static void
serve(void *arg, const struct site_visit *visit)
{
	struct lws_server *s = arg;

	if (buf_add_slice(&s->heads, visit->read) == -1)
		abort();
	s->visits++;
	s->visit = visit;
	(void)lws_adopt_socket_vhost_readbuf(s->vhost, visit->fd,
	    visit->read.p, visit->read.len);
	s->visit = NULL;
}

void
lws_server_speak(struct lws_server *s)
{
	if (s->silent == NULL || lws_callback_on_writable(s->silent) < 0)
		abort();
}

/* ---- life ---- */

static void
store(struct lws_server *s)
{
	FILE *f;
	size_t i;
	int fd;

	(void)strcpy(s->stored, "/tmp/lws_server.XXXXXX");
	if ((fd = mkstemp(s->stored)) == -1 || (f = fdopen(fd, "w")) == NULL)
		abort();
	for (i = 0; i < LWS_SERVER_LARGE; i++)
		(void)putc(byte_at(i), f);
	if (fclose(f) != 0)
		abort();
}

void
lws_server_open(struct lws_server *s, uv_loop_t *loop)
{
	void *loops[] = { loop };
	struct lws_context_creation_info info;

	memset(s, 0, sizeof(*s));
	memset(&info, 0, sizeof(info));
	s->site = (struct site_server){ "libwebsockets", serve, s };
	s->protocols[0] = (struct lws_protocols){ .name = "http",
	    .callback = on_event };
	lws_set_log_level(0, NULL);
	info.port = CONTEXT_PORT_NO_LISTEN_SERVER;
	info.foreign_loops = loops;
	info.options = LWS_SERVER_OPTION_LIBUV |
	    LWS_SERVER_OPTION_EXPLICIT_VHOSTS;
	info.user = s;
	info.fd_limit_per_thread = CONNECTIONS;
	info.max_http_header_data2 = HEADS;
	/* libwebsockets 4.1 forgets the rest of a head that is longer. */
	info.pt_serv_buf_size = LWS_PRE + HEADS;
	info.protocols = s->protocols;
	if ((s->context = lws_create_context(&info)) == NULL ||
	    (s->vhost = lws_create_vhost(s->context, &info)) == NULL)
		abort();
	store(s);
}

void
lws_server_close(struct lws_server *s)
{
	lws_context_destroy(s->context);
}

void
lws_server_free(struct lws_server *s)
{
	lws_context_destroy(s->context);
	buf_clear(&s->heads);
	(void)unlink(s->stored);
}
