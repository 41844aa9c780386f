/*
 * fuzz_wamp1.c: any bytes at the message parser, and what it accepts at the
 * builders.  The first byte chooses the rules, the message follows.
 */
#include <assert.h>

#include "proto/wamp1.h"
#include "fuzz.h"
#include "wamp1_text.h"

int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_slices(const struct wamp_msg *m, struct slice text)
{
	assert(is_empty_or_within(m->uri.text, text));
	assert(is_empty_or_within(m->prefix.text, text));
	assert(is_empty_or_within(m->id.text, text));
	assert(is_empty_or_within(m->event.text, text));
	assert(is_empty_or_within(m->desc.text, text));
	assert(is_empty_or_within(m->details.text, text));
	assert(is_empty_or_within(m->args, text));
	assert(is_empty_or_within(m->exclude_list, text));
	assert(is_empty_or_within(m->eligible, text));
}

static void
check_args(const struct wamp_msg *m)
{
	struct slice rest = m->args;
	struct json_elem el;
	size_t n;

	for (n = 0; json_next(&rest, &el); n++)
		assert(is_empty_or_within(el.text, m->args));
	assert(n == m->argc);
}

/* Built from what was understood, a message says the same; built once more,
 * it does not change.  (WELCOME's strings are written anew the first time.) */
static void
check_rebuilt(const struct wamp_msg *m, const struct wamp1_rules *rules)
{
	struct buf first = { 0 }, second = { 0 }, want = { 0 }, got = { 0 };
	struct wamp1_error e;
	struct wamp_msg again;

	wamp1_rebuild(&first, m, rules);
	assert(wamp1_parse(&again, buf_slice(&first), rules, &e) == 0);
	assert(again.type == m->type);
	if (m->type != WAMP_WELCOME) {
		wamp1_dump(&want, m);
		wamp1_dump(&got, &again);
		assert(slice_eq(buf_slice(&got), buf_slice(&want)));
	}
	wamp1_rebuild(&second, &again, rules);
	assert(slice_eq(buf_slice(&first), buf_slice(&second)));
	buf_clear(&first);
	buf_clear(&second);
	buf_clear(&want);
	buf_clear(&got);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct wamp1_rules rules = { .depth = JSON_DEPTH_DEFAULT };
	struct wamp1_error e;
	struct slice text;
	struct wamp_msg m;

	if (size == 0)
		return 0;
	rules.role = data[0] & 1 ? WAMP1_CLIENT : WAMP1_SERVER;
	rules.compat = data[0] & 2 ? WAMP_COMPAT_SPEC : WAMP_COMPAT_ORO;
	text = slice_of((const char *)data + 1, size - 1);
	if (wamp1_parse(&m, text, &rules, &e) == -1) {
		assert(e.close_code == 1007 || e.close_code == 1002);
		assert(e.offset <= text.len);
		assert(strlen(e.what) < 100);
		return 0;
	}
	check_slices(&m, text);
	check_args(&m);
	check_rebuilt(&m, &rules);
	return 0;
}
