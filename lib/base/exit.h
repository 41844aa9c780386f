/*
 * exit.h: the exit status of every tool (wamp-pub(1), EXIT STATUS).
 */
#pragma once

enum exit_status {
	EXIT_DONE = 0,		/* the work was done */
	EXIT_WORK = 1,		/* invalid JSON, unreadable file, full disk */
	EXIT_USAGE = 2,		/* the command line is wrong */
	EXIT_REFUSED = 3,	/* the broker refused */
	EXIT_TIMEOUT = 4,	/* a time limit was exceeded */
	EXIT_CONNECT = 5,	/* no connection could be made */
	EXIT_LOST = 6,		/* the connection was lost before the end */
};
