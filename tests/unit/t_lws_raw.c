/*
 * t_lws_raw.c: libwebsockets passes frames of our own through as they are.
 *
 * The broker and the tools build WebSocket frames themselves, and write many at
 * once with LWS_WRITE_HTTP.  libwebsockets promises that nowhere, so it is
 * proved here, for the version that this is built with: a server and a client
 * of it send each other frames that were made by hand.
 */
#include <libwebsockets.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "client/ws_frame.h"
#include "tap.h"

#define LARGE		(8u << 20)	/* bytes that no socket takes at once */
#define TURNS		1000000		/* of the loop, before we give up */

/* One end, and what it got. */
struct end {
	struct lws *wsi;
	struct buf  out;		/* frames */
	struct buf  texts;		/* small messages, a line each */
	size_t	    large;		/* bytes of the large one */
	bool	    blocked;		/* libwebsockets kept a part of it */
	bool	    done;		/* has the last message */
};

static struct end server, client;

static void
end_open(struct end *end, struct lws *wsi)
{
	end->wsi = wsi;
	if (lws_write(wsi, (unsigned char *)end->out.data, end->out.len,
	    LWS_WRITE_HTTP) < 0)
		tap_ok(false, "the frames can be written");
	end->blocked = lws_partial_buffered(wsi) != 0;
}

static void
end_receive(struct end *end, const char *p, size_t len)
{
	bool whole = lws_is_final_fragment(end->wsi) &&
	    lws_remaining_packet_payload(end->wsi) == 0;

	if (len > 16 || !whole || memchr(p, '.', len) != NULL) {
		end->large += len;
		return;
	}
	(void)buf_addf(&end->texts, "%.*s\n", (int)len, p);
	end->done = len == 4 && memcmp(p, "last", 4) == 0;
}

static int
on_event(struct lws *wsi, enum lws_callback_reasons reason, void *user,
    void *in, size_t len)
{
	(void)user;
	switch (reason) {
	case LWS_CALLBACK_ESTABLISHED:
		end_open(&server, wsi);
		break;
	case LWS_CALLBACK_CLIENT_ESTABLISHED:
		end_open(&client, wsi);
		break;
	case LWS_CALLBACK_RECEIVE:
		end_receive(&server, in, len);
		break;
	case LWS_CALLBACK_CLIENT_RECEIVE:
		end_receive(&client, in, len);
		break;
	default:
		break;
	}
	return 0;
}

static void
add_masked(struct buf *out, struct slice text)
{
	static const unsigned char mask[WS_MASK_SIZE] = { 1, 2, 3, 4 };

	(void)ws_frame_add(out, WS_OPCODE_TEXT, &text, 1, mask);
}

/* Of less than 126 bytes, or LARGE. */
static void
add_plain(struct buf *out, struct slice text)
{
	(void)buf_add_char(out, (char)0x81);
	if (text.len < 126) {
		(void)buf_add_char(out, (char)text.len);
	} else {
		(void)buf_add_char(out, 127);
		(void)buf_add(out, "\0\0\0\0\0\x80\0\0", 8);
	}
	(void)buf_add(out, text.p, text.len);
}

static void
add_frames(struct buf *out, void (*add)(struct buf *, struct slice),
    const char *large)
{
	add(out, SLICE("one"));
	add(out, SLICE("two"));
	add(out, slice_of(large, LARGE));
	add(out, SLICE("last"));
}

static void
check_end(const struct end *end, const char *name)
{
	tap_ok(end->blocked, "%s: more was written than a socket takes", name);
	tap_slice(buf_slice(&end->texts), "one\ntwo\nlast\n",
	    "%s gets each frame, in order", name);
	tap_int((int64_t)end->large, LARGE, "%s gets all of a large one",
	    name);
}

static int
run(void)
{
	static const struct lws_protocols protocols[] = {
		{ .name = "test", .callback = on_event,
		  .rx_buffer_size = 65536, .tx_packet_size = 16u << 20 },
		{ .name = NULL },
	};
	struct lws_context_creation_info info = {
		.iface = "127.0.0.1", .protocols = protocols,
		.options = LWS_SERVER_OPTION_EXPLICIT_VHOSTS,
		.vhost_name = "test",
	};
	struct lws_client_connect_info to = {
		.address = "127.0.0.1", .host = "localhost", .path = "/",
		.protocol = "test", .local_protocol_name = "test",
	};
	struct lws_vhost *vhost;
	int turns;

	lws_set_log_level(LLL_ERR, NULL);
	if ((to.context = lws_create_context(&info)) == NULL ||
	    (vhost = lws_create_vhost(to.context, &info)) == NULL)
		return -1;
	to.port = lws_get_vhost_listen_port(vhost);
	to.vhost = vhost;
	if (lws_client_connect_via_info(&to) == NULL)
		return -1;
	for (turns = 0; turns < TURNS && !(server.done && client.done);
	    turns++)
		(void)lws_service(to.context, 0);
	lws_context_destroy(to.context);
	return 0;
}

int
main(void)
{
	char *large = malloc(LARGE);

	if (large == NULL)
		return 1;
	memset(large, '.', LARGE);
	add_frames(&server.out, add_plain, large);
	add_frames(&client.out, add_masked, large);
	if (tap_ok(run() == 0, "a client connects to a server")) {
		check_end(&server, "the server");
		check_end(&client, "the client");
	}
	free(large);
	buf_clear(&server.out);
	buf_clear(&server.texts);
	buf_clear(&client.out);
	buf_clear(&client.texts);
	return tap_done();
}
