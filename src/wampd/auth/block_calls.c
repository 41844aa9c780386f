/*
 * block_calls.c: the procedures wampd.block, wampd.unblock and wampd.blocked.
 */
#include "wampd/auth/block_calls.h"

#include "base/clock.h"
#include "base/num.h"
#include "proto/json.h"
#include "wampd/auth/blocks.h"
#include "wampd/core/broker.h"
#include "wampd/core/call.h"
#include "wampd/core/procedure.h"

#define LONGEST	(INT64_C(100) * 365 * 86400 * 1000)	/* ms, of a block */

/* Read the first argument.  0 or -1. */
static int
read_network(struct call *c, struct network *out)
{
	struct buf text = { 0 };
	int rc = -1;

	if (c->nargs < 1 || c->arg[0].type != JSON_STRING)
		return call_bad_argument(c,
		    "argument: an address or a network");
	if (json_unquote(&text, &c->arg[0]) == -1 || buf_cstr(&text) == NULL) {
		(void)call_out_of_memory(c);
	} else if (network_parse(out, text.data, &c->failure.reason) == -1) {
		c->failure.kind = FAILURE_BAD_ARGUMENT;
	} else {
		rc = 0;
	}
	buf_clear(&text);
	return rc;
}

/* ---- wampd.block ---- */

struct order {
	struct network net;
	int64_t	       until;	/* ms since 1970; 0: for ever */
	bool	       close;
};

/* A duration as in wampd.yml, or a number of seconds. */
static int
read_for(struct call *c, struct order *o, const struct json_elem *value)
{
	struct slice text = value->type == JSON_STRING ?
	    json_inside(value->text) : value->text;
	struct buf copy = { 0 };
	struct errbuf e;
	int64_t ms = 0;

	if (buf_add_slice(&copy, text) == -1 || buf_cstr(&copy) == NULL)
		return call_out_of_memory(c);
	if ((value->type != JSON_STRING && value->type != JSON_NUMBER) ||
	    num_duration(&ms, copy.data, &e) == -1 || ms == 0 ||
	    ms > LONGEST)
		ms = -1;
	buf_clear(&copy);
	if (ms == -1)
		return call_bad_argument(c, "for must be a duration such as "
		    "\"30m\", of at most 100 years");
	o->until = c->broker->wall() + ms;
	return 0;
}

static int
read_order(struct call *c, struct order *o)
{
	struct json_elem key, value;
	struct slice rest;

	if (read_network(c, &o->net) == -1)
		return -1;
	if (c->nargs > 2)
		return call_bad_argument(c, "arguments: network[, options]");
	if (c->nargs < 2 || c->arg[1].type == JSON_NULL)
		return 0;
	if (c->arg[1].type != JSON_OBJECT)
		return call_bad_argument(c, "the options must be an object");
	rest = json_inside(c->arg[1].text);
	while (json_next_member(&rest, &key, &value)) {
		if (slice_eq(key.text, SLICE("\"for\""))) {
			if (value.type != JSON_NULL &&
			    read_for(c, o, &value) == -1)
				return -1;
		} else if (slice_eq(key.text, SLICE("\"close\"")) &&
		    json_is_bool(&value)) {
			o->close = value.type == JSON_TRUE;
		} else {
			return call_bad_argument(c, "the options are for, a "
			    "duration, and close, which is true or false");
		}
	}
	return 0;
}

static int
add_end(struct buf *out, int64_t until)
{
	char iso[CLOCK_ISO_SIZE];

	return until == 0 ? buf_add_str(out, "null") :
	    buf_addf(out, "\"%s\"", clock_iso_of(iso, until));
}

/* The answer begins so.  It also tells whether writing has failed, because it
 * is written at once. */
static int
add_changed(struct call *c, const struct network *n, bool changed)
{
	struct blocks *all = c->ctx;

	blocks_put(all);
	if (buf_add_str(c->out, "{\"network\":\"") == -1 ||
	    network_write(n, c->out) == -1 ||
	    buf_addf(c->out, "\",\"changed\":%s",
	    changed ? "true" : "false") == -1)
		return -1;
	return blocks_describe_unsaved(all, c->out);
}

static int
run_block(struct call *c)
{
	struct order o = { .close = true };
	bool changed;

	if (read_order(c, &o) == -1)
		return -1;
	if (blocks_block(c->ctx, &o.net, o.until, o.close, &changed,
	    &c->failure.reason) == -1) {
		c->failure.kind = FAILURE_INTERNAL;
		return -1;
	}
	if (add_changed(c, &o.net, changed) == -1 ||
	    buf_add_str(c->out, ",\"until\":") == -1 ||
	    add_end(c->out, o.until) == -1 || buf_add_char(c->out, '}') == -1)
		return call_out_of_memory(c);
	return 0;
}

/* ---- wampd.blocked ---- */

struct blocked {
	struct call    *call;
	struct network	within;	/* list only what holds this network */
	bool		all;
	const char     *before;
};

static int
list_networks(struct blocked *l, const struct networks *all, const char *from)
{
	int64_t wall = l->call->broker->wall();
	const struct networks_entry *entry;
	struct buf *out = l->call->out;
	size_t pos = 0;

	while ((entry = networks_next(all, &pos)) != NULL) {
		if ((!l->all && !network_holds(&entry->net, &l->within)) ||
		    (entry->until != 0 && entry->until <= wall))
			continue;
		if (buf_addf(out, "%s{\"network\":\"", l->before) == -1 ||
		    network_write(&entry->net, out) == -1 ||
		    buf_addf(out, "\",\"from\":\"%s\",\"until\":",
		    from) == -1 || add_end(out, entry->until) == -1 ||
		    buf_add_char(out, '}') == -1)
			return -1;
		l->before = ",";
	}
	return 0;
}

/* List the blocks in both lists, as an array. */
static int
list_blocks(struct blocked *l)
{
	const struct blocks *all = l->call->ctx;

	l->before = "[";
	if (list_networks(l, &all->addresses->blocked, "blocked_ips") == -1 ||
	    list_networks(l, &all->addresses->added, "wampd.block") == -1)
		return -1;
	return buf_add_str(l->call->out, l->before[0] == '[' ? "[]" : "]");
}

static int
run_blocked(struct call *c)
{
	struct blocked l = { .call = c, .all = c->nargs == 0 };

	if (c->nargs > 1)
		return call_bad_argument(c, "arguments: none, or a network");
	if (!l.all && read_network(c, &l.within) == -1)
		return -1;
	return list_blocks(&l) == -1 ? call_out_of_memory(c) : 0;
}

/* ---- wampd.unblock ---- */

/* What else blocks the network is told, because it remains blocked then. */
static int
run_unblock(struct call *c)
{
	struct blocked l = { .call = c };
	bool changed;

	if (c->nargs != 1)
		return call_bad_argument(c,
		    "argument: an address or a network");
	if (read_network(c, &l.within) == -1)
		return -1;
	changed = blocks_unblock(c->ctx, &l.within);
	if (add_changed(c, &l.within, changed) == -1 ||
	    buf_add_str(c->out, ",\"blocked\":") == -1 ||
	    list_blocks(&l) == -1 || buf_add_char(c->out, '}') == -1)
		return call_out_of_memory(c);
	return 0;
}

static const struct procedure rows[] = {
	{ "wampd.block", "network, options", PROCEDURE_WRITE,
	  "let nobody connect from an address or a network", run_block },
	{ "wampd.blocked", "network", PROCEDURE_READ,
	  "what is blocked, or what blocks that network", run_blocked },
	{ "wampd.unblock", "network", PROCEDURE_WRITE,
	  "end the block of exactly that address or network", run_unblock },
	{ .name = NULL }
};

int
block_calls_add(struct blocks *all)
{
	return procedures_add(&all->broker->procedures, rows, all);
}
