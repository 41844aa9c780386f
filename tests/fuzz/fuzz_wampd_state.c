/*
 * fuzz_wampd_state.c: any bytes as the file of the maintenance state or of the
 * blocked addresses, and any changes to Oro's lock file.
 *
 * The first byte chooses.  What is read as a state reads back from how it is
 * written; a broker starts with it, says it, and leaves either a state or the
 * bytes as they were.  Whatever lies in the place of the lock file, looking at
 * it does not block, and a change is told once.
 */
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../unit/fake.h"
#include "../unit/scratch.h"
#include "base/io.h"
#include "base/lock_file.h"
#include "base/log.h"
#include "base/opt.h"
#include "route/diag.h"
#include "wampd/auth/addresses.h"
#include "wampd/auth/blocks.h"
#include "wampd/handlers/types.h"
#include "wampd/join.h"
#include "wampd/maintenance/lock.h"
#include "wampd/maintenance/store.h"

#define FOLDER	"state"
#define FILE_	FOLDER "/maintenance.json"
#define ASIDE	FILE_ ".bad"
#define LOCK	FOLDER "/lock"
#define READ_MAX (1u << 20)

int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* ---- the state ---- */

static void
check_same(const struct maintenance_kept *a, const struct maintenance_kept *b)
{
	size_t i;

	assert(strcmp(a->since, b->since) == 0);
	assert(slice_eq(a->event, b->event) && a->at == b->at);
	assert(slice_eq(a->planned, b->planned));
	assert(a->warn.n == b->warn.n);
	for (i = 0; i < a->warn.n; i++)
		assert(a->warn.v[i] == b->warn.v[i]);
}

/* Whether it holds a state; then it can be written and read again. */
static bool
try_store(void)
{
	const char *again = scratch_path(FOLDER "/again");
	struct maintenance_kept kept, read;
	struct buf text = { 0 }, second = { 0 }, written = { 0 };
	enum kept_found found;
	struct errbuf e = { "" };

	found = maintenance_store_read(&kept, scratch_path(FILE_), &text, &e);
	assert(found == KEPT_TEXT || found == KEPT_FOREIGN);
	if (found == KEPT_TEXT) {
		assert(maintenance_store_text(&written, &kept) == 0);
		assert(kept_file_write(again, buf_slice(&written), &e) == 0);
		assert(maintenance_store_read(&read, again, &second,
		    &e) == KEPT_TEXT);
		check_same(&kept, &read);
	} else
		assert(e.msg[0] != '\0');
	buf_clear(&written);
	buf_clear(&second);
	buf_clear(&text);
	return found == KEPT_TEXT;
}

static struct broker *
broker_of_state(void)
{
	struct broker_settings set = fake_settings();
	struct diags d = { 0 };
	const struct broker_parts parts = {
		.types = handler_types, .first.diags = &d,
	};
	struct errbuf e = { "" };
	struct broker *b;

	set.state_dir = scratch_path(FOLDER);
	set.maintenance_topic = "oro/maintenance";
	b = join_broker(&set, &parts, &e);
	assert(b != NULL);
	diag_clear(&d);
	return b;
}

static void
check_file(const char *name, struct slice want)
{
	struct buf got = { 0 };
	struct errbuf e;

	assert(io_read_regular(&got, scratch_path(name), READ_MAX, &e) == 0);
	assert(slice_eq(buf_slice(&got), want));
	buf_clear(&got);
}

static void
try_state(struct slice bytes)
{
	struct fake_peer *p;
	struct broker *b;
	bool is_state;

	scratch_write(FILE_, bytes);
	is_state = try_store();
	b = broker_of_state();
	p = fake_open(b, WIRE_LINE);
	(void)fake_say(p, "[2,\"i\",\"wampd.maintenance.get\"]");
	assert(strncmp(fake_hear(p), "[3,\"i\",{\"isOn\":", 15) == 0);
	(void)fake_say(p, "[2,\"j\",\"wampd.maintenance.set\",true,7]");
	(void)fake_say(p, "[2,\"k\",\"wampd.maintenance.set\",false,7]");
	assert(strstr(fake_hear(p), "[3,\"k\",") != NULL);
	fake_end(b);
	assert(try_store());
	if (!is_state)
		check_file(ASIDE, bytes);
}

/* ---- blocked addresses ---- */

/* A broker starts with the file, and ends.  How many networks it has blocked;
 * one more, if `more` is set. */
static size_t
blocks_of_file(bool more)
{
	static const struct opt_list none;
	const struct addresses_settings set = { &none, &none, &none };
	struct broker *b = broker_of_state();
	struct addresses addresses;
	struct blocks *blocks;
	struct network n;
	struct errbuf e;
	bool changed;
	size_t count;

	assert(addresses_init(&addresses, &set, &e) == 0);
	blocks = blocks_add(b, &addresses, &e);
	assert(blocks != NULL && network_parse(&n, "198.51.100.7", &e) == 0);
	if (more)
		(void)blocks_block(blocks, &n, 0, true, &changed, &e);
	(void)fake_turn(b);
	(void)fake_turn(b);
	count = networks_count(&addresses.added);
	fake_end(b);
	addresses_clear(&addresses);
	return count;
}

/* What was read, and one more, is read again. */
static void
try_blocks(struct slice bytes)
{
	size_t count;

	scratch_write(FOLDER "/blocked.json", bytes);
	count = blocks_of_file(true);
	assert(count > 0 && blocks_of_file(false) == count);
}

/* ---- the lock file ---- */

static void
must_link(int rc)
{
	assert(rc == 0 || errno == EEXIST);
}

/* What somebody else does with its place. */
static void
disturb(uint8_t how)
{
	const char *path = scratch_path(LOCK);

	switch (how % 6) {
	case 0:
		scratch_remove(LOCK);
		break;
	case 1:
		(void)close(open(path, O_CREAT | O_WRONLY | O_NONBLOCK |
		    O_CLOEXEC, 0600));
		break;
	case 2:
		(void)mkdir(path, 0700);
		break;
	case 3:
		must_link(symlink("nowhere", path));
		break;
	case 4:
		(void)mkfifo(path, 0600);
		break;
	default:
		must_link(symlink("lock", path));	/* a loop */
		break;
	}
}

/* Two looks find what there is, and the third one nothing new. */
static void
check_looks(struct maintenance_lock *l)
{
	int exists = lock_file_exists(l->path);
	bool before = l->is;
	int told = 0;

	told += maintenance_lock_look(l) != LOCK_SAME;
	told += maintenance_lock_look(l) != LOCK_SAME;
	if (exists != -1) {
		assert(l->is == (exists == 1));
		assert(told == (before != l->is));
	} else
		assert(told == 0);
	assert(maintenance_lock_look(l) == LOCK_SAME);
}

static void
try_lock(struct slice steps)
{
	struct maintenance_lock l = { .path = scratch_path(LOCK) };
	struct errbuf e = { "" };
	size_t i;
	bool on;

	for (i = 0; i < steps.len; i++) {
		on = (steps.p[i] & 8) != 0;
		if (steps.p[i] & 16)
			disturb((uint8_t)steps.p[i] >> 5);
		switch (steps.p[i] & 3) {
		case 0:
			(void)maintenance_lock_look(&l);
			break;
		case 1:
			check_looks(&l);
			break;
		case 2:
			maintenance_lock_begin(&l, on);
			break;
		default:
			if (maintenance_lock_follow(&l, on, &e) == 0)
				assert(lock_file_exists(l.path) == on);
			else
				assert(e.msg[0] != '\0');
		}
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 0)
		return 0;
	log_init("wampd", LOG_LEVEL_ERR, LOG_FORMAT_TEXT);
	scratch_remove(FOLDER);
	scratch_mkdir(FOLDER);
	if (data[0] == 'b')
		try_blocks(slice_of((const char *)data + 1, size - 1));
	else if (data[0] == 'l')
		try_lock(slice_of((const char *)data + 1,
		    size < 200 ? size - 1 : 199));
	else
		try_state(slice_of((const char *)data + 1, size - 1));
	return 0;
}
