/*
 * distance.c: how far a mistyped word is from a known one.
 */
#include "base/distance.h"

#include <string.h>

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

bool
distance_of(struct distance_word *u, struct slice word)
{
	size_t i;

	if (word.len > DISTANCE_MAX)
		return false;
	for (i = 0; i < word.len; i++)
		u->v[i] = lower(word.p[i]);
	u->n = u->letters = word.len;
	return true;
}

bool
distance_of_channel(struct distance_word *u, const char *channel)
{
	const char *p, *end;

	u->n = u->letters = 0;
	for (p = channel; *p != '\0'; p++) {
		if (u->n == DISTANCE_MAX)
			return false;
		if (*p != '{') {
			u->v[u->n++] = lower(*p);
			u->letters++;
			continue;
		}
		if ((end = strchr(p, '}')) == NULL)
			return false;
		u->v[u->n++] = DISTANCE_ANY;
		p = end;
	}
	return true;
}

/* The cell for a's letter i and b's unit j, both from 1.  A DISTANCE_ANY
 * matches one or more letters except slashes at no cost. */
static size_t
cell(const struct distance_word *a, const struct distance_word *b, size_t i,
    size_t j, size_t *const rows[3])
{
	const size_t *before = rows[0], *last = rows[1], *row = rows[2];
	size_t d = least(last[j], row[j - 1]) + 1;

	if (b->v[j - 1] == DISTANCE_ANY)
		return least(d, least(last[j], last[j - 1]) +
		    (a->v[i - 1] == '/'));
	d = least(d, last[j - 1] + (a->v[i - 1] != b->v[j - 1]));
	/* A swap counts as one change, because it is the most frequent typing
	 * error. */
	if (i > 1 && j > 1 && a->v[i - 1] == b->v[j - 2] &&
	    a->v[i - 2] == b->v[j - 1])
		d = least(d, before[j - 2] + 1);
	return d;
}

size_t
distance_within(const struct distance_word *a,
    const struct distance_word *b, size_t most)
{
	size_t cells[3][DISTANCE_MAX + 1], i, j, nearest;
	/* For a's letters: the row before the last, the last row, the current
	 * row. */
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
distance_between(struct slice a, struct slice b)
{
	struct distance_word ua, ub;

	if (!distance_of(&ua, a) || !distance_of(&ub, b))
		return SIZE_MAX;
	return distance_within(&ua, &ub, DISTANCE_MAX);
}
