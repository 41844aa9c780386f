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
	struct lookup	*lookup;	/* borrowed; NULL: none */
	struct networks	 backends;
	EVP_MD		*sha512;	/* owned; finding it takes long */
	struct fair	 queue;		/* of struct oro_job */
	unsigned	 running;	/* jobs of threads */
	struct seen	 seen;
	struct buf	 text;		/* scratch: the decoded ticket */
	bool		 warned;	/* of a back end from elsewhere */
};
