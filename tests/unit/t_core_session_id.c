/*
 * t_core_session_id.c: the id of a session, as a text and as a number.
 */
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "core_fake.h"
#include "tap.h"
#include "wampd/core/broker.h"
#include "wampd/core/lobby.h"
#include "wampd/core/turn.h"

#define BASE64	sodium_base64_VARIANT_URLSAFE_NO_PADDING
#define RAW	12	/* bytes of an id */
#define MANY	500	/* ids */

/* ---- a source of random bytes that the test chooses ---- */

static unsigned char script[8][RAW];
static size_t nscript, at;

static const char *
script_name(void)
{
	return "script";
}

static uint32_t
script_random(void)
{
	abort();
}

static void
script_buf(void *buf, size_t size)
{
	if (size != RAW || at == nscript)
		abort();
	memcpy(buf, script[at++], RAW);
}

static struct randombytes_implementation scripted = {
	.implementation_name = script_name, .random = script_random,
	.buf = script_buf,
};

/* ---- tests ---- */

static void
check_number(const char *id, uint64_t number, const char *what)
{
	char key[SESSION_ID_KEY];

	tap_ok(session_id_number(id) == number, "%s: the number of a text",
	    what);
	session_id_key(key, number);
	tap_ok(memcmp(id, key, sizeof(key)) == 0, "%s: the text of a number",
	    what);
}

static void
test_known(void)
{
	check_number("AAAAAAAACzzzzzzz", 1, "the smallest");
	check_number("________-zzzzzzz", SESSION_NUMBER_MAX, "the greatest");
	/* 48 bits of the first 8 characters, and 5 of Y, 011000. */
	check_number("EjRWeJq8YAAAAAAA", UINT64_C(0x123456789abc) << 5 | 12,
	    "one between");
}

static void
test_random(void)
{
	char id[SESSION_ID_SIZE], key[SESSION_ID_KEY];
	size_t i, good = 0;
	uint64_t n;

	for (i = 0; i < MANY; i++) {
		session_id_make(id);
		n = session_id_number(id);
		session_id_key(key, n);
		good += strlen(id) == SESSION_ID_SIZE - 1 && id[0] != '-' &&
		    n >= 1 && n <= SESSION_NUMBER_MAX &&
		    memcmp(id, key, sizeof(key)) == 0;
	}
	tap_int((int64_t)good, MANY, "random ids are valid");
}

static struct broker *
make_broker(void)
{
	static const struct handler_type open_type = { .name = "broadcast" };
	static const struct handler_type closed_type = { .name = "closed" };
	static const struct handler_type *const types[] = { &open_type,
	    &closed_type, NULL };
	const struct broker_settings set = core_settings();
	struct broker_parts parts = { .types = types };

	return core_broker(&set, &parts);
}

static void
test_find(void)
{
	struct broker *b = make_broker();
	struct sessions *all = &b->sessions;
	struct core_peer p, q, pending;
	char other[SESSION_ID_SIZE];
	uint64_t n;

	core_peer_open(&p, b);
	core_peer_open(&q, b);
	n = session_number(p.session);
	tap_ok(n != session_number(q.session),
	    "two sessions have different numbers");
	tap_ok(sessions_find_number(all, n) == p.session,
	    "a session is found by its number");
	tap_ok(sessions_find(all, slice_str(p.session->id)) == p.session,
	    "a session is found by its text");
	memcpy(other, p.session->id, sizeof(other));
	other[15] = other[15] == 'A' ? 'Q' : 'A';
	tap_ok(sessions_find(all, slice_str(other)) == NULL,
	    "it is not found by another text with the same number");
	tap_ok(sessions_find(all, slice_of(p.session->id, 15)) == NULL &&
	    sessions_find(all, slice_of(p.session->id, 9)) == NULL &&
	    sessions_find(all, slice_of(NULL, 0)) == NULL,
	    "it is not found by a part of its text");
	tap_ok(sessions_find_number(all, 0) == NULL &&
	    sessions_find_number(all, n | (UINT64_C(1) << 53)) == NULL &&
	    sessions_find_number(all, UINT64_MAX) == NULL,
	    "invalid numbers find no session");

	if (!core_peer_begin(&pending, b, 1000))
		abort();
	n = session_number(pending.session);
	tap_ok(sessions_find_number(all, n) == NULL,
	    "a pending session is not found");
	tap_ok(lobby_admit(pending.session, &principal_anonymous) &&
	    sessions_find_number(all, n) == pending.session,
	    "it is found when it is open");
	n = session_number(q.session);
	session_gone(q.session, "left");
	tap_ok(sessions_find_number(all, n) == NULL,
	    "a session that has left is not found");
	broker_free(b);
	buf_clear(&p.out);
	buf_clear(&q.out);
	buf_clear(&pending.out);
}

/* Ids are made until one is valid and new. */
static void
test_again(void)
{
	struct broker *b = make_broker();
	struct core_peer first, second;

	core_peer_open(&first, b);
	/* Another text, but the same number. */
	if (sodium_base642bin(script[0], RAW, first.session->id,
	    SESSION_ID_SIZE - 1, NULL, NULL, NULL, BASE64) == -1)
		abort();
	script[0][RAW - 1] ^= 0xff;
	memset(script[1], 0xfb, RAW);		/* "-_v7..." */
	memset(script[2], 0, RAW);
	script[2][RAW - 1] = 1;			/* its number is 0 */
	memset(script[3], 0, RAW);
	script[3][6] = 0x0f;		/* the last of 53 bits, and more */
	nscript = 4;
	at = 0;
	if (randombytes_set_implementation(&scripted) != 0)
		abort();
	core_peer_open(&second, b);
	tap_int((int64_t)at, 4, "three ids are rejected");
	tap_str(second.session->id, "AAAAAAAACwAAAAAA",
	    "the fourth is taken");
	tap_ok(session_number(second.session) == 1, "it has its number");
	tap_ok(sessions_find_number(&b->sessions, 1) == second.session,
	    "it is found by that number");
	broker_free(b);
	buf_clear(&first.out);
	buf_clear(&second.out);
}

int
main(void)
{
	if (sodium_init() == -1)
		abort();
	test_known();
	test_random();
	test_find();
	test_again();		/* last: it replaces the random source */
	return tap_done();
}
