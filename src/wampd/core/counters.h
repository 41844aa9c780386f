/*
 * counters.h: what the broker counts.
 *
 * Each number is one row of this table.  The fields of struct broker_stats, the
 * answer of wampd.stats (counters) and the numbers in wampd.info (gauges) are
 * made from the rows.  A test compares the lists in wamp-control(7) with them.
 */
#pragma once

#include <stdint.h>

struct broker;
struct buf;

/*
 *	counter(name, unit, help)
 *	gauge(name, field of struct broker, unit, help)
 *
 * A counter counts since the start of the broker, in b->stats.NAME.  A gauge
 * says how many there are now.  The unit is "" if the name says what is
 * counted; otherwise the help begins with the unit.  The help is the sentence
 * of the manual.  refused_CAUSE counts requests of HTTP that were refused, see
 * http_refusal.h.
 */
#define BROKER_COUNTERS(counter, gauge)					\
	counter(sessions_opened, "",					\
	    "Sessions that began.")					\
	counter(sessions_closed, "",					\
	    "Sessions that ended.")					\
	counter(sessions_refused, "",					\
	    "Sessions refused because there were too many.")		\
	counter(sessions_overflowed, "",				\
	    "Sessions closed because they read too slowly.")		\
	counter(sessions_evicted, "",					\
	    "Sessions closed to stay within a limit of all sessions.")	\
	counter(sessions_expired, "",					\
	    "Sessions closed by tickets.session_ttl.")			\
	counter(sessions_blocked, "",					\
	    "Sessions closed because their addresses were blocked.")	\
	counter(sessions_revoked, "",					\
	    "Sessions closed because a reload revoked their proofs.")	\
	counter(sessions_drained, "",					\
	    "Sessions closed by a drain.")				\
	counter(sessions_dead, "",					\
	    "Sessions closed because they did not answer a ping.")	\
	counter(limited_memory, "",					\
	    "Requests refused because of limits.memory_session.")	\
	counter(limited_prefixes, "",					\
	    "Prefixes refused because of limits.prefixes.")		\
	counter(limited_rate, "",					\
	    "How often a session was paused because of limits.rate.")	\
	counter(limited_requests, "",					\
	    "How often one was paused because of limits.requests.")	\
	counter(limited_retained, "",					\
	    "Events refused because of limits.retained.")		\
	counter(retained_expired, "",					\
	    "Retained events that were dropped when their time was up.") \
	counter(history_dropped, "",					\
	    "Events dropped from histories because of limits.history.")	\
	counter(state_records, "",					\
	    "Changes of kept events that were to be saved; see state_dir.") \
	counter(state_bytes, "bytes",					\
	    "Bytes written for them.")					\
	counter(state_syncs, "",					\
	    "How often they were put on disk.")				\
	counter(state_failures, "",					\
	    "How often that failed.")					\
	counter(state_compactions, "",					\
	    "How often the log of kept events was replaced.")		\
	counter(limited_subscriptions, "",				\
	    "Subscriptions refused because of limits.subscriptions.")	\
	counter(limited_topic_length, "",				\
	    "Messages refused because of limits.topic_length.")		\
	counter(limited_topics, "",					\
	    "Requests refused because limits.topics was reached.")	\
	counter(violations, "",						\
	    "Messages that broke the rules of the protocol.")		\
	counter(messages, "",						\
	    "Messages received.")					\
	counter(events, "",						\
	    "Events that were accepted.")				\
	counter(events_refused, "",					\
	    "Events that were refused.")				\
	counter(subscribes_refused, "",					\
	    "SUBSCRIBE messages that were refused.")			\
	counter(subscriptions_ended, "",				\
	    "Subscriptions that a reload ended.")			\
	counter(deliveries, "",						\
	    "Events queued for sessions, counted for each session.")	\
	counter(events_dropped, "",					\
	    "Events dropped because a session was slow; see overflow.")	\
	counter(meta_events, "",					\
	    "Events on the broker's own topics.")			\
	counter(meta_lost, "",						\
	    "Such events that were not made, because there were too many.") \
	counter(calls, "",						\
	    "Calls received.")						\
	counter(calls_refused, "",					\
	    "Calls refused because the caller may not call that.")	\
	counter(cra_logins, "",						\
	    "Logins by WAMP-CRA.")					\
	counter(cra_failed, "",						\
	    "Such logins with an unknown key or a wrong signature.")	\
	counter(cra_late, "",						\
	    "Sessions closed because they did not log in in time.")	\
	counter(frames_allocated, "",					\
	    "Messages built for sending; one serves many sessions.")	\
	counter(frames_compressed, "",					\
	    "Of these, messages that were compressed.")			\
	counter(writes, "",						\
	    "Writes to sockets; one can hold many messages.")		\
	counter(bytes_written, "bytes",					\
	    "Bytes written to sockets.")				\
	counter(pauses, "",						\
	    "How often reading from a session was paused.")		\
	counter(jq_started, "",						\
	    "Processes started for jq programs.")			\
	counter(jq_lost, "",						\
	    "Such processes that a jq program broke or blocked.")	\
	counter(tls_failed, "",						\
	    "TLS handshakes that failed.")				\
	counter(proxy_headers_missing, "",				\
	    "Connections without the PROXY header that they need.")	\
	counter(proxy_headers_bad, "",					\
	    "Connections whose PROXY header is malformed.")		\
	counter(proxy_headers_untrusted, "",				\
	    "Such connections that came from none of trusted_proxies.")	\
	counter(handshakes_late, "",					\
	    "Connections that became no session in time.")		\
	counter(handshakes_displaced, "",				\
	    "Such connections closed for newer ones.")			\
	counter(refused_tls_hello, "",					\
	    "TLS on a port that speaks none.")				\
	counter(refused_bad_request_line, "",				\
	    "The request line is malformed.")				\
	counter(refused_bad_line_end, "",				\
	    "A line does not end with CR LF.")				\
	counter(refused_long_method, "",				\
	    "The method is too long.")					\
	counter(refused_bad_target, "",					\
	    "The target is malformed.")					\
	counter(refused_long_target, "",				\
	    "The request line exceeds limits.head.")			\
	counter(refused_http_version, "",				\
	    "Another version than HTTP/1.1.")				\
	counter(refused_bad_field, "",					\
	    "A header field is malformed.")				\
	counter(refused_folded_field, "",				\
	    "A header field has more than one line.")			\
	counter(refused_bad_host, "",					\
	    "Host is missing, malformed or given twice.")		\
	counter(refused_bad_framing, "",				\
	    "The length of the content is malformed.")			\
	counter(refused_expectation, "",				\
	    "An unknown expectation.")					\
	counter(refused_large_head, "",					\
	    "The header exceeds limits.head.")				\
	counter(refused_address, "",					\
	    "The address is blocked, or not among those allowed.")	\
	counter(refused_bad_forwarded, "",				\
	    "A proxy's Forwarded and X-Forwarded-For are no good.")	\
	counter(refused_foreign_host, "",				\
	    "Host is none of this server's names; see hosts.")		\
	counter(refused_bad_origin, "",					\
	    "Origin is malformed, null or given twice.")		\
	counter(refused_foreign_origin, "",				\
	    "The page of another site; see origins.")			\
	counter(refused_no_origin, "",					\
	    "Neither an Origin nor a ticket; see origins.")		\
	counter(refused_content, "",					\
	    "The request has content.")					\
	counter(refused_method, "",					\
	    "A method that the path does not serve.")			\
	counter(refused_not_found, "",					\
	    "Nothing is served at the path.")				\
	counter(refused_no_upgrade, "",					\
	    "The request is no WebSocket handshake.")			\
	counter(refused_bad_connection, "",				\
	    "Connection does not list Upgrade.")			\
	counter(refused_bad_key, "",					\
	    "The key is missing or malformed.")				\
	counter(refused_websocket_version, "",				\
	    "Another version of WebSocket than 13.")			\
	counter(refused_bad_subprotocol, "",				\
	    "The list of subprotocols is malformed.")			\
	counter(refused_no_subprotocol, "",				\
	    "No subprotocol is offered, but required.")			\
	counter(refused_unknown_subprotocol, "",			\
	    "No subprotocol of ours is offered.")			\
	counter(refused_bad_extensions, "",				\
	    "The list of extensions is malformed.")			\
	counter(refused_no_proof, "",					\
	    "The client does not prove who it is; see anonymous.")	\
	counter(refused_bad_ticket, "",					\
	    "The ticket is malformed.")					\
	counter(refused_ticket_future, "",				\
	    "The ticket is not valid yet.")				\
	counter(refused_ticket_expired, "",				\
	    "The ticket has expired.")					\
	counter(refused_ticket_replayed, "",				\
	    "The ticket was used before.")				\
	counter(refused_unknown_user, "",				\
	    "The ticket names an unknown user.")			\
	counter(refused_wrong_ticket, "",				\
	    "The digest or signature of the ticket is wrong.")		\
	counter(refused_unknown_key, "",				\
	    "The key of the ticket is unknown.")			\
	counter(refused_ticket_foreign, "",				\
	    "The ticket is for another audience, or from another issuer.") \
	counter(refused_lookup_failed, "",				\
	    "The program that knows users or sessions did not answer.")	\
	counter(refused_busy, "",					\
	    "Too many clients were being checked, or for too long.")	\
	counter(refused_timeout, "",					\
	    "The request did not come in time.")			\
	counter(refused_full, "",					\
	    "There were as many sessions as limits.sessions.")		\
	counter(refused_full_address, "",				\
	    "Its address had as many as limits.sessions_address.")	\
	counter(refused_full_user, "",					\
	    "Its user had as many as limits.sessions_user.")		\
	counter(refused_internal, "",					\
	    "The broker had no memory or descriptor.")			\
	gauge(sessions, sessions.n, "",					\
	    "Sessions that are open.")					\
	gauge(topics, topics.nused, "",					\
	    "Topics in use.")						\
	gauge(subscriptions, topics.subs.count, "",			\
	    "Subscriptions of all sessions.")				\
	gauge(retained_events, topics.retained_events, "", \
	    "Retained events.")						\
	gauge(retained_bytes, topics.retained_bytes, "bytes", \
	    "Bytes of these in limits.retained.")			\
	gauge(history_events, topics.history_events, "", \
	    "Events in histories.")					\
	gauge(history_bytes, topics.history_bytes, "bytes", \
	    "Bytes of these in limits.history.")			\
	gauge(generations, ngenerations, "",				\
	    "Configurations in memory: more than 1 only after a reload.")

#define COUNTERS_FIELD(name, unit, help)	uint64_t name;
#define COUNTERS_NO_FIELD(name, field, unit, help)

struct broker_stats {
	BROKER_COUNTERS(COUNTERS_FIELD, COUNTERS_NO_FIELD)
};

enum counter_kind { COUNTER, GAUGE };

struct counter {
	const char *name;
	enum counter_kind kind;
	const char *unit;	/* "bytes", or "" */
	const char *help;	/* a sentence */
	uint64_t  (*read)(const struct broker *b);
};

/* The rows, in their order; the last has name NULL. */
extern const struct counter counters[];

/* Append all rows of that kind as "NAME":NUMBER with commas between.  Returns
 * 0, or -1 when out of memory. */
int	counters_print(struct buf *out, const struct broker *b,
	    enum counter_kind kind);
