/* delayqueue QUEUE MILLISECONDS: holds every packet of a netfilter queue for that long, in order.
 */
#define _GNU_SOURCE /* ppoll */
#include <arpa/inet.h>
#include <errno.h>
#include <libnetfilter_queue/libnetfilter_queue.h>
#include <linux/netfilter.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>

enum { CAPACITY = 1 << 16 };

struct waiting
{
    uint32_t id;
    int64_t due; /* CLOCK_MONOTONIC, nanoseconds */
};

static struct waiting ring[CAPACITY];
static unsigned head, tail;
static int64_t hold;

static int64_t now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * INT64_C(1000000000) + time.tv_nsec;
}

static int
enqueue(struct nfq_q_handle *queue, struct nfgenmsg *message, struct nfq_data *data, void *unused)
{
    (void)message;
    (void)unused;
    uint32_t id = ntohl(nfq_get_msg_packet_hdr(data)->packet_id);
    if (tail - head == CAPACITY)
        return nfq_set_verdict(queue, id, NF_ACCEPT, 0, NULL);
    ring[tail++ % CAPACITY] = (struct waiting){id, now() + hold};
    return 0;
}

int main(int count, char **arguments)
{
    static char buffer[1 << 17];
    if (count != 3) {
        fprintf(stderr, "usage: delayqueue QUEUE MILLISECONDS\n");
        return 2;
    }
    hold = (int64_t)(atof(arguments[2]) * 1e6);
    struct nfq_handle *handle = nfq_open();
    struct nfq_q_handle *queue
        = handle ? nfq_create_queue(handle, (uint16_t)atoi(arguments[1]), enqueue, NULL) : NULL;
    if (!queue || nfq_set_mode(queue, NFQNL_COPY_META, 0) < 0) {
        perror("delayqueue");
        return 1;
    }
    nfq_set_queue_maxlen(queue, CAPACITY);
    for (;;) {
        int64_t time = now();
        for (; head != tail && ring[head % CAPACITY].due <= time; ++head)
            nfq_set_verdict(queue, ring[head % CAPACITY].id, NF_ACCEPT, 0, NULL);
        struct timespec wait = {0}, *limit = NULL;
        if (head != tail) {
            int64_t left = ring[head % CAPACITY].due - time;
            wait.tv_sec = left / 1000000000;
            wait.tv_nsec = left % 1000000000;
            limit = &wait;
        }
        struct pollfd ready = {nfq_fd(handle), POLLIN, 0};
        if (ppoll(&ready, 1, limit, NULL) <= 0)
            continue;
        ssize_t size;
        while ((size = recv(ready.fd, buffer, sizeof buffer, MSG_DONTWAIT)) > 0)
            nfq_handle_packet(handle, buffer, (int)size);
        if (size < 0 && errno != EAGAIN && errno != ENOBUFS) {
            perror("delayqueue: recv");
            return 1;
        }
    }
}
