/*
 * nearest.c: the known word that a mistyped one was meant to be.
 */
#include "base/nearest.h"

#include <string.h>
#include <strings.h>

#include "base/opposite.h"

/* A word in units: its bytes in lower case, or what stands for any text. */
#define UNIT_ANY	0x100

struct units {
	uint16_t v[NEAREST_MAX];
	size_t	 n;
	size_t	 letters;	/* units that are no UNIT_ANY */
};

static size_t
least(size_t a, size_t b)
{
	return a < b ? a : b;
}

static unsigned char
lower(char c)
{
	return (unsigned char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
}

/* false when it is too long. */
static bool
units_of(struct units *u, struct slice word)
{
	size_t i;

	if (word.len > NEAREST_MAX)
		return false;
	for (i = 0; i < word.len; i++)
		u->v[i] = lower(word.p[i]);
	u->n = u->letters = word.len;
	return true;
}

/* The cell of a's letter i against b's unit j, both from 1.  An UNIT_ANY takes
 * one letter or more for nothing, but no slash. */
static size_t
cell(const struct units *a, const struct units *b, size_t i, size_t j,
    size_t *const rows[3])
{
	const size_t *before = rows[0], *last = rows[1], *row = rows[2];
	size_t d = least(last[j], row[j - 1]) + 1;

	if (b->v[j - 1] == UNIT_ANY)
		return least(d, least(last[j], last[j - 1]) +
		    (a->v[i - 1] == '/'));
	d = least(d, last[j - 1] + (a->v[i - 1] != b->v[j - 1]));
	/* Swapping counts once, since it is what fingers do most. */
	if (i > 1 && j > 1 && a->v[i - 1] == b->v[j - 2] &&
	    a->v[i - 2] == b->v[j - 1])
		d = least(d, before[j - 2] + 1);
	return d;
}

/* Above most it is most + 1. */
static size_t
distance(const struct units *a, const struct units *b, size_t most)
{
	size_t cells[3][NEAREST_MAX + 1], i, j, nearest;
	/* Of a's letters: the row before the last, the last, the current. */
	size_t *rows[3] = { cells[0], cells[1], cells[2] }, *turn;

	for (j = 0; j <= b->n; j++)
		rows[1][j] = j;
	for (i = 1; i <= a->n; i++) {
		nearest = rows[2][0] = i;
		for (j = 1; j <= b->n; j++) {
			rows[2][j] = cell(a, b, i, j, rows);
			nearest = least(nearest, rows[2][j]);
		}
		/* A swap looks two rows back. */
		if (nearest > most + 1)
			return most + 1;
		turn = rows[0];
		rows[0] = rows[1];
		rows[1] = rows[2];
		rows[2] = turn;
	}
	return least(rows[1][b->n], most + 1);
}

size_t
nearest_distance(struct slice a, struct slice b)
{
	struct units ua, ub;

	if (!units_of(&ua, a) || !units_of(&ub, b))
		return SIZE_MAX;
	return distance(&ua, &ub, NEAREST_MAX);
}

/* ---- the best so far ---- */

/* One letter of three may be wrong, and one of a shorter word. */
static size_t
limit(size_t len)
{
	return len < 3 ? 1 : len / 3;
}

void
nearest_init(struct nearest *n, const char *given, size_t len)
{
	/* Scores are distances by two: half a letter decides between equals.
	 * This one is the first that is too far. */
	*n = (struct nearest){ .given = given, .len = len,
	    .score = 2 * limit(len) + 1, .work = NEAREST_WORK };
}

/* Whether there is so much work left. */
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
	struct units given, units;

	if (!units_of(&given, slice_of(n->given, n->len)) ||
	    !units_of(&units, slice_of(word, len)) ||
	    !nearest_afford(n, given.n * units.n))
		return;
	d = distance(&given, &units, limit(n->len));
	score = 2 * d;
	if (begins)
		score = least(score, 2 * limit(n->len)) - 1;
	/* Words of one letter are near each other, and not alike. */
	if (begins || d < len)
		nearest_take(n, word, score);
}

/* ---- channels ---- */

/* false when it is too long, or its braces do not close. */
static bool
units_of_channel(struct units *u, const char *channel)
{
	const char *p, *end;

	u->n = u->letters = 0;
	for (p = channel; *p != '\0'; p++) {
		if (u->n == NEAREST_MAX)
			return false;
		if (*p != '{') {
			u->v[u->n++] = lower(*p);
			u->letters++;
			continue;
		}
		if ((end = strchr(p, '}')) == NULL)
			return false;
		u->v[u->n++] = UNIT_ANY;
		p = end;
	}
	return true;
}

/* At least so far away: the letters that the topic lacks. */
static size_t
lacking(const struct units *topic, const struct units *channel)
{
	unsigned char have[UNIT_ANY] = { 0 };	/* at most NEAREST_MAX */
	size_t i, n = 0;

	for (i = 0; i < topic->n; i++)
		have[topic->v[i]]++;
	for (i = 0; i < channel->n; i++) {
		if (channel->v[i] == UNIT_ANY)
			continue;
		if (have[channel->v[i]] > 0)
			have[channel->v[i]]--;
		else
			n++;
	}
	return n;
}

/* Not compared: what both begin with. */
static void
drop_common(struct units *a, struct units *b)
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
	struct units topic, units;
	size_t most, d;

	if (!units_of(&topic, slice_of(n->given, n->len)) ||
	    !units_of_channel(&units, channel))
		return;
	/* One of hardly any letters is near everything. */
	most = limit(least(n->len, units.letters));
	if (units.letters < 2 || !nearest_afford(n, topic.n + units.n) ||
	    lacking(&topic, &units) > most)
		return;
	drop_common(&topic, &units);
	if (!nearest_afford(n, topic.n * units.n))
		return;
	d = distance(&topic, &units, most);
	if (d <= most && d < units.letters)
		nearest_take(n, channel, 2 * d);
}
