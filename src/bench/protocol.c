/*
 * protocol.c: the table of protocols, and WAMP.
 */
#include "bench/protocol.h"

#include <string.h>
#include <strings.h>

#include "proto/json.h"

/* [5, topicURI] */
static int
wamp_subscribe(struct buf *out, struct slice topic, uint32_t number)
{
	(void)number;
	if (buf_add_str(out, "[5,") == -1 || json_quote(out, topic) == -1)
		return -1;
	return buf_add_char(out, ']');
}

/* [7, topicURI, event] */
static int
wamp_publish(struct buf *out, struct slice topic, size_t size)
{
	(void)size;
	if (buf_add_str(out, "[7,") == -1 || json_quote(out, topic) == -1)
		return -1;
	return buf_add_char(out, ',');
}

static const struct protocol protocol_wamp_ws = {
	.scheme = "ws://",
	.port = 80,
	.wire = WIRE_WS,
	.subscribe = wamp_subscribe,
	.publish = wamp_publish,
	.publish_tail = { "]", 1 },
};

static const struct protocol protocol_wamp_wss = {
	.scheme = "wss://",
	.port = 443,
	.wire = WIRE_WS,
	.tls = true,
	.subscribe = wamp_subscribe,
	.publish = wamp_publish,
	.publish_tail = { "]", 1 },
};

const struct protocol protocol_wamp_line = {
	.wire = WIRE_LINE,
	.subscribe = wamp_subscribe,
	.publish = wamp_publish,
	.publish_tail = { "]", 1 },
};

/* The protocols that a URL can name. */
static const struct protocol *const protocols[] = {
	&protocol_wamp_ws,
	&protocol_wamp_wss,
	&protocol_mqtt,
	&protocol_nats,
	&protocol_nats_ws,
	&protocol_redis,
};

const struct protocol *
protocol_find(const char *url)
{
	const char *scheme;
	size_t i;

	for (i = 0; i < sizeof(protocols) / sizeof(protocols[0]); i++) {
		scheme = protocols[i]->scheme;
		if (strncasecmp(url, scheme, strlen(scheme)) == 0)
			return protocols[i];
	}
	return NULL;
}
