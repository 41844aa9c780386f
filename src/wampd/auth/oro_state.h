/*
 * oro_state.h: what checking Oro's tickets needs, for its own files.
 */
#pragma once

#include <openssl/evp.h>

#include "wampd/auth/fair.h"
#include "wampd/auth/networks.h"
#include "wampd/auth/oro.h"
#include "wampd/auth/seen.h"
#include "wampd/auth/users.h"

struct oro {
	struct oro_settings set;
	struct broker	*b;		/* borrowed */
	struct secret	 secret;
	struct users	 users;
	struct lookup	*lookup;	/* a reference; NULL: none */
	struct networks	 backends;
	EVP_MD		*sha512;	/* owned; finding it takes long */
	struct fair	 queue;		/* of struct oro_job */
	unsigned	 running;	/* jobs of threads */
	size_t		 jobs;		/* these, and all others */
	struct seen	*seen;		/* borrowed */
	int64_t		 not_before;	/* s since 1970: older tickets had
					 * expired at a reload */
	struct buf	 text;		/* scratch: the decoded ticket */
	bool		 warned;	/* of a back end from elsewhere */
};
