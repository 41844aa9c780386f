/*
 * log_sink.h: lines that go to a descriptor which may take none for a while.
 *
 * Nothing here waits, once the sink is open: what cannot be written at once is
 * kept, up to a bound; lines beyond that are counted, and how many were lost
 * is said as soon as there is room again.
 *
 * The descriptor is often shared: O_NONBLOCK would change it for the shell and
 * everyone else who writes there.  So a pipe or terminal is opened anew by its
 * own name, and a socket is written to with MSG_DONTWAIT.  Where a pipe or
 * terminal cannot be opened (it is another user's), it is asked before each
 * piece whether it takes one.  Regular files are just written to.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#define LOG_SINK_KEPT	65536		/* bytes of lines that wait */

enum log_sink_way {
	LOG_SINK_WAIT,		/* write, however long it takes */
	LOG_SINK_WRITE,		/* a file: write */
	LOG_SINK_SEND,		/* a socket: send without waiting */
	LOG_SINK_ASK,		/* ask first, then write a piece */
	LOG_SINK_OWN,		/* the descriptor is ours and never waits */
};

struct log_sink {
	int	fd;
	enum log_sink_way way;
	size_t	piece;		/* bytes that it takes at once, for ASK */
	char   *kept;		/* owned; LOG_SINK_KEPT bytes, or NULL */
	size_t	at, len;	/* of the lines there that wait */
	bool	begun;		/* the first of them is written in part */
	size_t	lost;		/* lines, not said yet */
	bool	torn;		/* half a line was written, and then none */
	/* Put the line that says how many were lost into line, which has
	 * LOG_SINK_SAID bytes; returns its length. */
	size_t	(*say_lost)(char *line, size_t lost);
};

#define LOG_SINK_SAID	512

/* Lines go to the descriptor and wait for it, as before log_sink_open(). */
#define LOG_SINK_INIT(d, say)	{ .fd = (d), .say_lost = (say) }

/* From now on wait for nobody.  0, or -1 when out of memory: it goes on
 * waiting. */
int	log_sink_open(struct log_sink *s);

/* Take one line, with its newline at the end and no other. */
void	log_sink_put(struct log_sink *s, const char *line, size_t len);

/* Write what waits, as far as it goes. */
void	log_sink_flush(struct log_sink *s);

/* Whether lines wait that log_sink_flush() may get rid of later. */
bool	log_sink_waits(const struct log_sink *s);

/* Wait that long at most for the rest to be taken, then drop it. */
void	log_sink_close(struct log_sink *s, int ms);
