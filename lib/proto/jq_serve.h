/*
 * jq_serve.h: the process that runs jq programs for another one.
 *
 * It is another process of any program that links this file. jq_worker.c starts
 * it under the name below with a socket and a shared page.  It recognizes that
 * before main() runs, so that no program needs code for it.
 */
#pragma once

#define JQ_SERVE_NAME	"wamp-jq-worker"	/* argv[0], and the only
						 * argument */
#define JQ_SERVE_SOCKET	3
#define JQ_SERVE_PAGE	4

/* argv[0]. jq_worker.c uses this variable, and so links the worker into the
 * program. */
extern const char jq_serve_name[];
