/*
 * autobahn.h: the cases of the Autobahn testsuite for WebSocket servers, groups
 * 1 to 7 and 10: what a client sends, and what a server that echoes messages
 * must answer.  Where that suite also accepts other behaviour, as "non-strict"
 * or "informational", the case fails here.
 *
 * The files in tests/vectors/autobahn have a paragraph for each case:
 *
 *	5.20 frames			its number, and how it is sent
 *	> text+ "fragment1"		a fragment; more fragments follow
 *	> ping "pongme 1!"
 *	> look 1			wait until one answer has come, no more
 *	> more "fragment2"		the last fragment
 *	< pong "pongme 1!"		what the server must answer
 *	< text "fragment1fragment2"
 *
 * How it is sent is "frames", one write for each frame; "chop N", writes of N
 * bytes; or else one write for as much as possible.  With "fragments N",
 * messages are sent in frames of N bytes.
 *
 * A frame is text, binary, more, ping, pong, close or opcode N.  A "+" means
 * that it is not the last one of its message.  Before its payload may stand
 * "rsv N", the value of the three reserved bits, and the code of a close.
 * Behind it may stand "x N", how often it is repeated, and "of N": the head
 * announces N bytes, and the rest follows as "bytes".  In the payload, \xNN
 * stands for a byte.
 *
 * "fail N" means that the server must close with this code, at once.  In cases
 * without it, the client sends a close with the code 1000 when all answers have
 * come, unless the case has a close, and the server must echo it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

#define AUTOBAHN_FRAMES	16	/* of a case, in each direction */

struct autobahn_frame {
	unsigned   first;	/* byte; or one of those below */
	struct buf payload;
	size_t	   announced;	/* bytes in the head; 0: all of payload */
};

#define AUTOBAHN_BYTES	0x100u	/* payload without a head */
#define AUTOBAHN_LOOK	0x101u	/* announced: so many answers have come */

#define AUTOBAHN_CHOP_NONE   0
#define AUTOBAHN_CHOP_FRAMES ((size_t)-1)

struct autobahn_case {
	char	   id[16];
	size_t	   chop;	/* bytes of a write, or one of those above */
	size_t	   fragment;	/* bytes of a frame; 0: as many as there are */
	struct autobahn_frame frames[AUTOBAHN_FRAMES];
	size_t	   n_frames;
	bool	   closes;	/* one of them is a close */
	struct buf want;	/* the answers, as they are on the wire */
	size_t	   ends[AUTOBAHN_FRAMES]; /* bytes of want up to and with each
					   * answer */
	size_t	   n_answers;
	unsigned   fault;	/* code, the last answer; or 0 */
};

typedef void (*autobahn_fn)(const struct autobahn_case *c, void *arg);

/* Call fn for each case.  A file that cannot be read is a failed check. */
void	autobahn_each(autobahn_fn fn, void *arg);

/* An open connection to a server. */
struct autobahn_peer {
	void *arg;		/* borrowed; handed to the functions */

	/* One write.  The server may have closed the connection. */
	void (*send)(void *arg, struct slice bytes);

	/* Append what the server sends, until *got has n bytes, or the server
	 * has closed the connection, or time is up. */
	void (*collect)(void *arg, struct buf *got, size_t n);

	/* Append what it sends until it has closed the connection.  False if
	 * it does not do that in time. */
	bool (*finish)(void *arg, struct buf *got);
};

/* Play a case, with its own chop or another one.  0, or -1 if the server did
 * not answer exactly as it must. */
int	autobahn_play(const struct autobahn_case *c, size_t chop,
	    const struct autobahn_peer *peer, struct errbuf *e);
