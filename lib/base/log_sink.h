/*
 * log_sink.h: lines for a descriptor that may not accept data for a while.
 *
 * Nothing here waits after the sink is open.  Lines that cannot be written at
 * once are kept, up to a limit.  Further lines are counted, and their number is
 * written when there is room again.
 *
 * The descriptor is often shared: O_NONBLOCK would change it for the shell and
 * all other programs that write to it.  Therefore a pipe or terminal is opened
 * again by its own name, and MSG_DONTWAIT is used for a socket.  If a pipe or
 * terminal of another user cannot be opened, we ask before each piece whether
 * it accepts one.  Regular files are simply written to.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#define LOG_SINK_KEPT	65536		/* bytes of lines that wait */

enum log_sink_way {
	LOG_SINK_WAIT,		/* write and wait */
	LOG_SINK_WRITE,		/* a file: write */
	LOG_SINK_SEND,		/* a socket: send without waiting */
	LOG_SINK_ASK,		/* ask first, then write a piece */
	LOG_SINK_OWN,		/* our own descriptor, which never blocks */
};

struct log_sink {
	int	fd;
	enum log_sink_way way;
	size_t	piece;		/* bytes that it accepts at once, for ASK */
	char   *kept;		/* owned; LOG_SINK_KEPT bytes, or NULL */
	size_t	at, len;	/* the waiting lines in kept */
	bool	begun;		/* the first of them has been written in part */
	size_t	lost;		/* lost lines that are not reported yet */
	bool	torn;		/* a line was written in part, and the rest was
				 * lost */
	/* Write the line that reports the number of lost lines to line, which
	 * has LOG_SINK_SAID bytes; returns its length. */
	size_t	(*say_lost)(char *line, size_t lost);
};

#define LOG_SINK_SAID	512

/* Write lines to the descriptor and wait for it, as before log_sink_open(). */
#define LOG_SINK_INIT(d, say)	{ .fd = (d), .say_lost = (say) }

/* From now on do not wait.  0, or -1 when out of memory: it still waits
 * then. */
int	log_sink_open(struct log_sink *s);

/* Take one line, which ends with its only newline. */
void	log_sink_put(struct log_sink *s, const char *line, size_t len);

/* Write as many waiting lines as possible. */
void	log_sink_flush(struct log_sink *s);

/* Whether there are waiting lines. */
bool	log_sink_waits(const struct log_sink *s);

/* Wait at most that long until the waiting lines are written, then drop
 * them. */
void	log_sink_close(struct log_sink *s, int ms);
