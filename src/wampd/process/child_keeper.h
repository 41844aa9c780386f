/*
 * child_keeper.h: the process between the broker and a program of a handler.
 *
 * A program may start others, and these may leave its process group.  Its
 * keeper is the "subreaper" of all of them: a process that loses its parent
 * becomes the keeper's child.  So the keeper can end all of them when the
 * program has ended, or when the broker has ended, for whatever reason.
 */
#pragma once

#include <stdint.h>
#include <sys/cdefs.h>

/* The descriptors of a keeper, which owns them. */
enum child_keeper_fd {
	KEEPER_IN,		/* the program's stdin, */
	KEEPER_OUT,		/* stdout */
	KEEPER_ERR,		/* and stderr */
	KEEPER_CONTROL,		/* a socket of packets; to the broker */
	KEEPER_WHAT,		/* a file: child_keeper_what and texts */
	KEEPER_FDS
};

/* The head of that file.  n_words + n_env + 1 texts follow, each with its NUL:
 * the folder, the words of the command and the environment. */
struct child_keeper_what {
	uint64_t n_words;	/* above 0 */
	uint64_t n_env;
};

/* What the broker sends: one byte. */
enum child_keeper_order {
	KEEPER_TERM = 't',	/* ask the program to end */
	KEEPER_KILL = 'k',	/* kill it; closing the socket does, too */
};

/* What the keeper sends.  When all processes that the program has started are
 * gone, the keeper ends, which closes the socket. */
struct child_keeper_news {
	enum {
		KEEPER_STARTED,
		KEEPER_CANNOT,	/* not started; value is an errno */
		KEEPER_ENDED,	/* value is wait(2)'s status */
	} kind;
	int32_t value;
};

/* Be a keeper, in a process of its own with one thread. */
void	child_keeper_run(const int fd[KEEPER_FDS]) __attribute__((noreturn));
