/*
 * nearest.c: finds the known word that a mistyped one was meant to be.
 */
#include "base/nearest.h"

#include <string.h>
#include <strings.h>

#include "base/distance.h"
#include "base/opposite.h"

static size_t
least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* ---- the best so far ---- */

/* One letter of three may be wrong, and one letter of a shorter word. */
static size_t
limit(size_t len)
{
	return len < 3 ? 1 : len / 3;
}

void
nearest_init(struct nearest *n, const char *given, size_t len)
{
	/* A score is twice the distance, so that half a letter decides between
	 * equal distances.  This score is the first that is too far. */
	*n = (struct nearest){ .given = given, .len = len,
	    .score = 2 * limit(len) + 1, .work = NEAREST_WORK };
}

/* Whether that much work is still allowed. */
static bool
nearest_afford(struct nearest *n, size_t pairs)
{
	n->work = n->work > pairs ? n->work - pairs : 0;
	return n->work > 0;
}

static void
nearest_take(struct nearest *n, const char *word, size_t score)
{
	struct slice given = slice_of(n->given, n->len);
	bool equal = score == n->score && n->found != NULL;

	if (equal && opposite_words(slice_str(n->found), slice_str(word))) {
		n->found = NULL;
		n->torn = true;
	}
	if (score >= n->score || opposite_meant(given, slice_str(word)))
		return;
	n->score = score;
	n->found = word;
	n->torn = false;
}

void
nearest_try(struct nearest *n, const char *word)
{
	size_t len = strlen(word), d, score;
	bool begins = n->len > 0 && len > n->len &&
	    strncasecmp(word, n->given, n->len) == 0;
	struct distance_word given, units;

	if (!distance_of(&given, slice_of(n->given, n->len)) ||
	    !distance_of(&units, slice_of(word, len)) ||
	    !nearest_afford(n, given.n * units.n))
		return;
	d = distance_within(&given, &units, limit(n->len));
	score = 2 * d;
	if (begins)
		score = least(score, 2 * limit(n->len)) - 1;
	/* Words of one letter are near each other, but not similar. */
	if (begins || d < len)
		nearest_take(n, word, score);
}

/* ---- channels ---- */

/* A lower bound of the distance: the letters that the topic lacks. */
static size_t
lacking(const struct distance_word *topic, const struct distance_word *channel)
{
	unsigned char have[DISTANCE_ANY] = { 0 };	/* of DISTANCE_MAX */
	size_t i, n = 0;

	for (i = 0; i < topic->n; i++)
		have[topic->v[i]]++;
	for (i = 0; i < channel->n; i++) {
		if (channel->v[i] == DISTANCE_ANY)
			continue;
		if (have[channel->v[i]] > 0)
			have[channel->v[i]]--;
		else
			n++;
	}
	return n;
}

/* The common beginning is not compared. */
static void
drop_common(struct distance_word *a, struct distance_word *b)
{
	size_t n = 0;

	while (n < a->n && n < b->n && a->v[n] == b->v[n])
		n++;
	a->n -= n;
	b->n -= n;
	memmove(a->v, a->v + n, a->n * sizeof(a->v[0]));
	memmove(b->v, b->v + n, b->n * sizeof(b->v[0]));
}

void
nearest_try_channel(struct nearest *n, const char *channel)
{
	struct distance_word topic, units;
	size_t most, d;

	if (!distance_of(&topic, slice_of(n->given, n->len)) ||
	    !distance_of_channel(&units, channel))
		return;
	/* A channel with very few letters is near everything. */
	most = limit(least(n->len, units.letters));
	if (units.letters < 2 || !nearest_afford(n, topic.n + units.n) ||
	    lacking(&topic, &units) > most)
		return;
	drop_common(&topic, &units);
	if (!nearest_afford(n, topic.n * units.n))
		return;
	d = distance_within(&topic, &units, most);
	if (d <= most && d < units.letters)
		nearest_take(n, channel, 2 * d);
}
