/*
 * fake_work.c: threads that work when a test tells them to.
 */
#include "fake_work.h"

struct work {
	void (*run)(void *arg);
	void (*done)(void *arg, int64_t now);
	void  *arg;
};

size_t fake_works;
bool fake_work_refused;

static struct work works[64];

static int
add_work(void *ctx, void (*run)(void *arg),
    void (*done)(void *arg, int64_t now), void *arg)
{
	(void)ctx;
	if (fake_work_refused ||
	    fake_works == sizeof(works) / sizeof(works[0]))
		return -1;
	works[fake_works++] = (struct work){ run, done, arg };
	return 0;
}

const struct loop_ops fake_work_ops = { .work = add_work };

void
fake_work_do(void)
{
	struct work w = works[0];
	size_t i;

	/* valgrind takes a fortified memmove() for memcpy(). */
	for (i = 1; i < fake_works; i++)
		works[i - 1] = works[i];
	fake_works--;
	w.run(w.arg);
	w.done(w.arg, 0);
}
