/*
 * lws_load.h: loads libwebsockets when a tool is given a URL.  On the control
 * socket, neither it nor OpenSSL is needed.
 */
#pragma once

#include <libwebsockets.h>

#include "base/err.h"

/* The functions that ws.c calls, with the types of the header. */
struct lws_api {
	__typeof__(&lws_client_connect_via_info) client_connect_via_info;
	__typeof__(&lws_context_destroy)	 context_destroy;
	__typeof__(&lws_create_context)		 create_context;
	__typeof__(&lws_frame_is_binary)	 frame_is_binary;
	__typeof__(&lws_get_socket_fd)		 get_socket_fd;
	__typeof__(&lws_hdr_copy)		 hdr_copy;
	__typeof__(&lws_http_client_http_response) http_client_http_response;
	__typeof__(&lws_is_final_fragment)	 is_final_fragment;
	__typeof__(&lws_partial_buffered)	 partial_buffered;
	__typeof__(&lws_remaining_packet_payload) remaining_packet_payload;
	__typeof__(&lws_service)		 service;
	__typeof__(&lws_service_adjust_timeout)	 service_adjust_timeout;
	__typeof__(&lws_set_log_level)		 set_log_level;
	__typeof__(&lws_sul_schedule)		 sul_schedule;
	__typeof__(&lws_wsi_user)		 wsi_user;
	__typeof__(&lws_write)			 write;
};

/* 0, or -1 if the library is missing or has another version. */
int	lws_load(struct lws_api *api, struct errbuf *e);
