/*
 * blocks.c: the addresses that are blocked while the broker runs.
 */
#include "wampd/auth/blocks.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "proto/close_code.h"
#include "proto/json.h"
#include "proto/notice.h"
#include "wampd/core/broker.h"
#include "wampd/core/tap.h"

#define FILE_NAME	"blocked.json"
#define FILE_MAX	(8u << 20)	/* bytes */
#define FILE_DEPTH	2		/* nested lists */
#define CLOSING		1024		/* sessions looked at per turn */
#define CLOCK_LOOK	60000		/* ms; somebody may set the clock
					 * meanwhile */

/* ---- the file ---- */

/* Read [network, end]. */
static bool
read_block(struct networks *out, struct slice pair, int64_t wall)
{
	struct slice rest = json_inside(pair), text;
	struct json_elem name, end, more;
	char copy[64];
	struct network n;
	struct errbuf e;
	int64_t until = 0;

	if (!json_next(&rest, &name) || name.type != JSON_STRING ||
	    !json_next(&rest, &end) || json_next(&rest, &more))
		return false;
	text = json_inside(name.text);
	if (text.len >= sizeof(copy) || (end.type != JSON_NULL &&
	    notice_time(&until, &end) == -1))
		return false;
	memcpy(copy, text.p, text.len);
	copy[text.len] = '\0';
	if (network_parse(&n, copy, &e) == -1)
		return false;
	if (until != 0 && until <= wall)
		return true;		/* it is over */
	return networks_count(out) < BLOCKS_MAX &&
	    networks_add(out, &n, until) == 0;
}

static bool
read_blocks(struct networks *out, struct slice text, int64_t wall)
{
	struct json_elem list, pair;
	struct json_error e;
	struct slice rest;

	if (json_scan_value(text, FILE_DEPTH, &list, &e) == -1 ||
	    list.type != JSON_ARRAY)
		return false;
	rest = json_inside(list.text);
	while (json_next(&rest, &pair))
		if (pair.type != JSON_ARRAY ||
		    !read_block(out, pair.text, wall))
			return false;
	return true;
}

static int
blocks_restore(struct blocks *all, struct errbuf *e)
{
	struct networks *added = &all->addresses->added;
	struct buf text = { 0 };
	enum kept_found found;

	if (kept_file_open(&all->file, all->broker->set.state_dir,
	    FILE_NAME) == -1) {
		err_set(e, "out of memory");
		return -1;
	}
	found = kept_file_read(&text, all->file.path.data, FILE_MAX, e);
	if (found == KEPT_TEXT && !read_blocks(added, buf_slice(&text),
	    all->broker->wall())) {
		err_set(e, "it does not hold a list of blocked addresses");
		networks_clear(added);
		found = KEPT_FOREIGN;
	}
	buf_clear(&text);
	if (found == KEPT_FOREIGN)
		kept_file_is_foreign(&all->file, e);
	if (found != KEPT_ERROR)
		return 0;
	err_wrap(e, "%s", all->file.path.data);
	return -1;
}

static int
write_block(struct buf *out, const struct networks_entry *entry)
{
	char iso[CLOCK_ISO_SIZE];

	if (buf_add_str(out, "[\"") == -1 ||
	    network_write(&entry->net, out) == -1)
		return -1;
	return entry->until == 0 ? buf_add_str(out, "\",null]") :
	    buf_addf(out, "\",\"%s\"]", clock_iso_of(iso, entry->until));
}

static int
write_blocks(struct buf *out, const struct networks *all)
{
	const struct networks_entry *entry;
	const char *before = "[";
	size_t pos = 0;

	while ((entry = networks_next(all, &pos)) != NULL) {
		if (buf_add_str(out, before) == -1 ||
		    write_block(out, entry) == -1)
			return -1;
		before = ",\n";
	}
	return buf_add_str(out, before[0] == '[' ? "[]\n" : "]\n");
}

void
blocks_put(struct blocks *all)
{
	int64_t now = all->broker->now;
	struct errbuf e = { "out of memory" };
	struct buf text = { 0 };

	kept_file_tidy(&all->file, now);
	if (!kept_file_is_due(&all->file, now))
		return;
	if (write_blocks(&text, &all->addresses->added) == 0)
		kept_file_save(&all->file, buf_slice(&text), now);
	else
		kept_file_failed(&all->file, now, &e);
	buf_clear(&text);
}

int
blocks_describe_unsaved(const struct blocks *all, struct buf *out)
{
	const struct chore *const chores[] = { &all->file.tidy,
	    &all->file.save };

	return kept_file_describe(chores, sizeof(chores) / sizeof(chores[0]),
	    out);
}

/* ---- closing sessions ---- */

static void
end_closing(struct blocks *all)
{
	if (!all->closing)
		return;
	all->closing = false;
	TAILQ_REMOVE(&all->broker->cursors, &all->cursor, link);
	if (all->closed > 0)
		log_info("sessions=%u closed: their addresses were blocked",
		    all->closed);
}

/* Look at all sessions, from the first one on. */
static void
begin_closing(struct blocks *all)
{
	end_closing(all);
	all->closing = true;
	all->closed = 0;
	all->cursor.at = TAILQ_FIRST(&all->broker->sessions.open);
	TAILQ_INSERT_TAIL(&all->broker->cursors, &all->cursor, link);
	tap_stir(all->tap);
}

/* Sessions of the control socket have no address. */
static bool
must_leave(const struct blocks *all, const struct address *a, int64_t wall)
{
	const struct addresses *lists = all->addresses;

	return (all->blocked &&
	    networks_match(&lists->added, a, wall) != NULL) ||
	    (all->listed && a->u.sa.sa_family != AF_UNSPEC &&
	    !addresses_allow(lists, a));
}

static void
close_some(struct blocks *all, int64_t wall)
{
	struct address where;
	struct session *s;
	unsigned left;

	for (left = CLOSING; left > 0 &&
	    (s = sessions_walk(&all->cursor)) != NULL; left--) {
		where = session_address(s);
		if (!must_leave(all, &where, wall))
			continue;
		all->closed++;
		all->broker->stats.sessions_blocked++;
		session_doom(s, CLOSE_POLICY, "the address is blocked");
	}
	if (all->cursor.at == NULL) {
		end_closing(all);
		all->blocked = all->listed = false;
	}
}

void
blocks_renew(struct blocks *all, struct addresses *fresh)
{
	addresses_swap(all->addresses, fresh);
	all->listed = true;
	begin_closing(all);
}

/* ---- changes ---- */

/* Something has changed: save it, and look for the next end. */
static void
changed_now(struct blocks *all)
{
	kept_file_mark(&all->file);
	all->next_end = networks_expire(&all->addresses->added,
	    all->broker->wall());
	tap_stir(all->tap);
}

int
blocks_block(struct blocks *all, const struct network *n, int64_t until,
    bool close, bool *changed, struct errbuf *e)
{
	struct networks *added = &all->addresses->added;
	const struct networks_entry *entry = networks_find(added, n);

	*changed = entry == NULL || entry->until != until;
	if (entry == NULL && networks_count(added) >= BLOCKS_MAX) {
		err_set(e, "%d addresses are blocked already: block networks "
		    "instead", BLOCKS_MAX);
		return -1;
	}
	if (*changed && networks_add(added, n, until) == -1) {
		err_set(e, "out of memory");
		return -1;
	}
	if (*changed)
		changed_now(all);
	if (close) {
		all->blocked = true;
		begin_closing(all);
	}
	return 0;
}

bool
blocks_unblock(struct blocks *all, const struct network *n)
{
	if (!networks_remove(&all->addresses->added, n))
		return false;
	changed_now(all);
	return true;
}

/* ---- the tap ---- */

static int64_t
blocks_save(void *ctx)
{
	struct blocks *all = ctx;

	blocks_put(all);
	return kept_file_wait(&all->file, all->broker->now);
}

static int64_t
blocks_tick(void *ctx)
{
	struct blocks *all = ctx;
	int64_t wall = all->broker->wall(), wait;

	if (all->next_end != 0 && all->next_end <= wall)
		changed_now(all);
	if (all->closing)
		close_some(all, wall);
	if (all->closing)
		return 0;
	if (all->next_end == 0)
		return -1;
	wait = clock_left(all->next_end, wall);
	return wait < CLOCK_LOOK ? wait : CLOCK_LOOK;
}

static void
blocks_free(void *ctx)
{
	struct blocks *all = ctx;

	end_closing(all);
	/* Try a write that has failed one last time. */
	if (all->file.save.failed) {
		kept_file_mark(&all->file);
		blocks_put(all);
	}
	kept_file_clear(&all->file);
	free(all);
}

/* Its file in state_dir has the same. */
static int
blocks_hand_over(void *ctx, struct buf *out)
{
	const struct blocks *all = ctx;

	return write_blocks(out, &all->addresses->added);
}

static int
blocks_take_over(void *ctx, struct slice json, struct errbuf *e)
{
	struct blocks *all = ctx;
	struct networks *added = &all->addresses->added;

	networks_clear(added);
	if (!read_blocks(added, json, all->broker->wall())) {
		err_set(e, "it is not a list of blocked addresses");
		networks_clear(added);
		return -1;
	}
	changed_now(all);
	return 0;
}

static void
blocks_handed_over(void *ctx, bool done)
{
	struct blocks *all = ctx;

	if (done)
		kept_file_leave(&all->file);
}

static bool
blocks_unsaved(void *ctx)
{
	const struct blocks *all = ctx;

	return all->file.tidy.failed || all->file.save.failed;
}

static const struct tap_ops blocks_ops = {
	.name = "blocks",
	.unsaved = blocks_unsaved,
	.save = blocks_save,
	.tick = blocks_tick,
	.hand_over = blocks_hand_over,
	.take_over = blocks_take_over,
	.handed_over = blocks_handed_over,
	.free = blocks_free,
};

struct blocks *
blocks_add(struct broker *b, struct addresses *addresses, struct errbuf *e)
{
	struct blocks *all = calloc(1, sizeof(*all));

	if (all == NULL || (all->tap = tap_add(&b->taps, &blocks_ops,
	    all)) == NULL) {
		err_set(e, "out of memory");
		free(all);
		return NULL;
	}
	all->broker = b;
	all->addresses = addresses;
	addresses->blocks = all;
	kept_file_init(&all->file, "list of blocked addresses");
	if (b->set.state_dir != NULL && blocks_restore(all, e) == -1)
		return NULL;		/* broker_free() frees it */
	all->next_end = networks_expire(&addresses->added, b->wall());
	tap_stir(all->tap);
	return all;
}
