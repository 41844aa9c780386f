/*
 * nearest.c: the known word that a mistyped one was meant to be.
 */
#include "base/nearest.h"

#include <string.h>

#define WORD_MAX	32	/* longer words are not compared */

static size_t
least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/*
 * How many letters have to be put in, left out, replaced or swapped with their
 * neighbour to make b of a: the optimal string alignment distance.  Swapping
 * counts once, since it is what fingers do most.
 */
static size_t
distance(const char *a, size_t an, const char *b, size_t bn)
{
	/* Of a's letters: the row before the last, the last, the current. */
	size_t rows[3][WORD_MAX + 1], *before = rows[0], *last = rows[1],
	    *row = rows[2], *turn, i, j;

	for (j = 0; j <= bn; j++)
		last[j] = j;
	for (i = 1; i <= an; i++) {
		row[0] = i;
		for (j = 1; j <= bn; j++) {
			row[j] = least(least(last[j], row[j - 1]) + 1,
			    last[j - 1] + (a[i - 1] != b[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
			    a[i - 2] == b[j - 1])
				row[j] = least(row[j], before[j - 2] + 1);
		}
		turn = before;
		before = last;
		last = row;
		row = turn;
	}
	return last[bn];
}

void
nearest_init(struct nearest *n, const char *given, size_t len)
{
	/* One letter of three may be wrong, and one of a shorter word. */
	*n = (struct nearest){ .given = given, .len = len,
	    .distance = (len < 3 ? 1 : len / 3) + 1 };
}

void
nearest_try(struct nearest *n, const char *word)
{
	size_t len = strlen(word), d;

	if (len > WORD_MAX || n->len > WORD_MAX)
		return;
	d = distance(n->given, n->len, word, len);
	/* Words of one letter are near each other, and not alike. */
	if (d < n->distance && d < len) {
		n->distance = d;
		n->found = word;
	}
}
