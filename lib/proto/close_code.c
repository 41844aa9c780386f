/*
 * close_code.c: the codes with which WebSockets are closed.
 */
#include "proto/close_code.h"

#include <stddef.h>

struct row {
	enum close_code code;
	bool	    blames;	/* the side that is told of it */
	const char *name;
};

static const struct row rows[] = {
	{ CLOSE_NORMAL, false, "normal" },
	{ CLOSE_GOING_AWAY, false, "going away" },
	{ CLOSE_PROTOCOL, true, "protocol error" },
	{ CLOSE_UNSUPPORTED, true, "unsupported data" },
	{ CLOSE_NO_STATUS, false, "no status" },
	{ CLOSE_ABNORMAL, false, "abnormal" },
	{ CLOSE_INVALID, true, "invalid data" },
	{ CLOSE_POLICY, true, "policy violation" },
	{ CLOSE_TOO_BIG, true, "message too big" },
	{ CLOSE_EXTENSION, true, "extension missing" },
	{ CLOSE_INTERNAL, false, "internal error" },
	{ CLOSE_RESTART, false, "service restart" },
	{ CLOSE_TRY_AGAIN, false, "try again later" },
	{ CLOSE_BAD_GATEWAY, false, "bad gateway" },
	{ CLOSE_TLS, false, "TLS handshake" },
};

static const struct row *
find(unsigned code)
{
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].code == code)
			return &rows[i];
	return NULL;
}

const char *
close_code_name(unsigned code)
{
	const struct row *row = find(code);

	return row != NULL ? row->name : NULL;
}

bool
close_code_blames(unsigned code)
{
	const struct row *row = find(code);

	return row != NULL && row->blames;
}

/* Those from 3000 on are for libraries and applications. */
bool
close_code_may_be_sent(unsigned code)
{
	return (code >= CLOSE_NORMAL && code <= CLOSE_UNSUPPORTED) ||
	    (code >= CLOSE_INVALID && code <= CLOSE_BAD_GATEWAY) ||
	    (code >= CLOSE_CODE_REGISTERED && code <= CLOSE_CODE_MAX);
}
