/*
 * mqtt.c: MQTT 3.1.1 at quality of service 0.  A packet has a type, a length in
 * groups of 7 bits, and that number of bytes (section 2.2 of the standard).
 */
#include "bench/protocol.h"

#include <stdio.h>

#define MQTT_CONNECT	0x10
#define MQTT_CONNACK	0x20
#define MQTT_PUBLISH	0x30
#define MQTT_SUBSCRIBE	0x82	/* with the required flags */
#define MQTT_SUBACK	0x90
#define MQTT_PINGRESP	0xd0

#define MQTT_TYPE	0xf0	/* the rest are flags */
#define MQTT_REFUSED	0x80	/* in a SUBACK */
#define MQTT_LENGTH_MAX	4	/* bytes of a length */

static int
mqtt_add_head(struct buf *out, unsigned char type, size_t len)
{
	int rc = buf_add(out, &type, 1);
	unsigned char byte;

	do {
		byte = len & 0x7f;
		len >>= 7;
		if (len > 0)
			byte |= 0x80;
		if (rc == 0)
			rc = buf_add(out, &byte, 1);
	} while (len > 0);
	return rc;
}

static int
mqtt_add_number(struct buf *out, uint16_t n)
{
	n = htobe16(n);
	return buf_add(out, &n, sizeof(n));
}

static int
mqtt_add_text(struct buf *out, struct slice text)
{
	if (mqtt_add_number(out, (uint16_t)text.len) == -1)
		return -1;
	return buf_add_slice(out, text);
}

/* The protocol's name and level, a clean session, no keep-alive, and a unique
 * name for the session. */
static int
mqtt_greet(struct buf *out, uint32_t session)
{
	static const char fixed[] = "\0\4MQTT\4\2\0\0";
	const size_t len = sizeof(fixed) - 1;
	char name[16];
	int n;

	n = snprintf(name, sizeof(name), "bench%u", (unsigned)session);
	if (mqtt_add_head(out, MQTT_CONNECT, len + 2 + (size_t)n) == -1 ||
	    buf_add(out, fixed, len) == -1)
		return -1;
	return mqtt_add_text(out, slice_of(name, (size_t)n));
}

/* The number of the packet, which must not be 0 but is not used, the topic and
 * the quality of service. */
static int
mqtt_subscribe(struct buf *out, struct slice topic, uint32_t number)
{
	(void)number;
	if (mqtt_add_head(out, MQTT_SUBSCRIBE, 2 + 2 + topic.len + 1) == -1 ||
	    mqtt_add_number(out, 1) == -1 || mqtt_add_text(out, topic) == -1)
		return -1;
	return buf_add_char(out, '\0');
}

static int
mqtt_publish(struct buf *out, struct slice topic, size_t size)
{
	if (mqtt_add_head(out, MQTT_PUBLISH, 2 + topic.len + size) == -1)
		return -1;
	return mqtt_add_text(out, topic);
}

/* The kind of a whole packet.  For a PUBLISH, text becomes the event. */
static enum wire_kind
mqtt_read(unsigned char type, struct slice *text)
{
	const unsigned char *p = (const unsigned char *)text->p;
	size_t head;

	switch (type & MQTT_TYPE) {
	case MQTT_PUBLISH:
		head = text->len < 2 ? SIZE_MAX : 2U + (p[0] << 8 | p[1]);
		if (head > text->len)
			return WIRE_ERROR;
		*text = slice_of(text->p + head, text->len - head);
		return WIRE_TEXT;
	case MQTT_CONNACK:
		return text->len == 2 && p[1] == 0 ? WIRE_PONG : WIRE_ERROR;
	case MQTT_PINGRESP:
		return WIRE_PONG;
	case MQTT_SUBACK:
		return text->len == 3 && p[2] != MQTT_REFUSED ? WIRE_OTHER :
		    WIRE_ERROR;
	default:
		return WIRE_ERROR;
	}
}

static int
mqtt_next(struct slice *in, struct wire_msg *m)
{
	const unsigned char *p = (const unsigned char *)in->p;
	size_t head = 1, len = 0;
	unsigned char byte;

	do {
		if (head >= in->len)
			return 0;
		byte = p[head];
		len |= (size_t)(byte & 0x7f) << 7 * (head - 1);
		head++;
	} while (byte & 0x80 && head <= MQTT_LENGTH_MAX);
	if (in->len - head < len)
		return 0;
	m->text = slice_of(in->p + head, len);
	m->kind = mqtt_read(p[0], &m->text);
	*in = slice_of(in->p + head + len, in->len - head - len);
	return 1;
}

const struct protocol protocol_mqtt = {
	.scheme = "mqtt://",
	.port = 1883,
	.wire = WIRE_BARE,
	.greet = mqtt_greet,
	.subscribe = mqtt_subscribe,
	.publish = mqtt_publish,
	.ping = { "\xc0\0", 2 },
	.next = mqtt_next,
};
