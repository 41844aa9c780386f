/*
 * child_keeper.h: the process between the broker and a program of a handler.
 *
 * A program may start others, and these may leave its process group.  Its
 * keeper is the "subreaper" of them all: whoever loses his parent becomes the
 * keeper's child.  So the keeper can end them all when the program has ended,
 * or when the broker is gone, however it went.
 */
#pragma once

#include <stdint.h>
#include <sys/cdefs.h>

/* What a keeper is given.  All are its own from then on. */
enum keeper_fd {
	KEEPER_IN,		/* the program's stdin, */
	KEEPER_OUT,		/* stdout */
	KEEPER_ERR,		/* and stderr */
	KEEPER_CONTROL,		/* a socket of packets; to the broker */
	KEEPER_WHAT,		/* a file: struct keeper_what and texts */
	KEEPER_FDS
};

/* Behind it there are n_words + n_env + 1 texts, each with its NUL: the
 * folder, the words of the command, the environment. */
struct keeper_what {
	uint64_t n_words;	/* above 0 */
	uint64_t n_env;
};

/* What the broker says, one byte. */
enum keeper_order {
	KEEPER_TERM = 't',	/* ask the program to end */
	KEEPER_KILL = 'k',	/* end it, as the end of the socket does */
};

/* What the keeper says.  When all that the program has started are gone, the
 * keeper ends, and with it the socket. */
struct keeper_news {
	enum {
		KEEPER_STARTED,
		KEEPER_CANNOT,	/* start it; value is an errno */
		KEEPER_ENDED,	/* value is wait(2)'s status */
	} kind;
	int32_t value;
};

/* Be one.  Called in a process of its own that has one thread. */
void	keeper_run(const int fd[KEEPER_FDS]) __attribute__((noreturn));
