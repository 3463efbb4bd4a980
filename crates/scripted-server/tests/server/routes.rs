//! Routes: replies, received requests, and faults by route.

use reqwest::{Client, Response};
use scripted_server::{Reply, Route, ScriptedServer};

fn client() -> Client {
    Client::builder().no_proxy().tls_certs_only([]).build().expect("a client")
}

async fn get(server: &ScriptedServer, path: &str) -> reqwest::Result<Response> {
    client().get(server.base_url() + path).header("x-key", "k-1").send().await
}

async fn server() -> ScriptedServer {
    let tickets = Route::get("ticket", "/tickets/{id}")
        .reply("1", Reply::json(200, r#"{"id": 1}"#))
        .reply("2", Reply::json(200, r#"{"id": 2}"#).chunked())
        .default_reply(Reply::json(404, "{}").with_header("X-Kind", "none"));
    let tokens = Route::post("token", "/token")
        .reply_to("1".parse().expect("requests"), Reply::json(200, r#"{"token": "a"}"#))
        .default_reply(Reply::json(200, r#"{"token": "b"}"#));
    ScriptedServer::start([tickets, tokens]).await.expect("a free port")
}

#[tokio::test]
async fn routes_response_by_id_and_by_number() {
    let server = server().await;
    for (path, status, body) in [
        ("/tickets/1", 200, r#"{"id": 1}"#),
        ("/tickets/2", 200, r#"{"id": 2}"#),
        ("/tickets/3", 404, "{}"),
        ("/elsewhere", 404, "404 page not found\n"),
    ] {
        let response = get(&server, path).await.expect(path);
        assert_eq!(response.status(), status, "{path}");
        assert_eq!(response.text().await.expect(path), body, "{path}");
    }
    for token in ["a", "b", "b"] {
        let response = client().post(server.base_url() + "/token").body("{}").send().await;
        let body = response.expect("a response").text().await.expect("a body");
        assert_eq!(body, format!(r#"{{"token": "{token}"}}"#));
    }
    assert_eq!((server.count("ticket"), server.count("token")), (3, 3));
}

#[tokio::test]
async fn received_requests_are_complete() {
    let server = server().await;
    get(&server, "/tickets/a%3Ab?x=1").await.expect("a response");
    get(&server, "/elsewhere").await.expect("a response");
    let received = server.received();
    let [first, second] = &received[..] else { panic!("two requests: {received:?}") };
    assert_eq!((first.route, first.id.as_deref()), (Some("ticket"), Some("a:b")));
    assert!(first.text.starts_with("GET /tickets/a%3Ab?x=1 HTTP/1.1\r\n"), "{}", first.text);
    assert!(first.text.contains("x-key: k-1\r\n"), "{}", first.text);
    assert_eq!((second.route, second.path.as_str()), (None, "/elsewhere"));
    assert_eq!(server.connections(), 2);
}

#[tokio::test]
async fn faults_apply_by_route() {
    let server = server().await;
    let error = server.inject("tickets: reset".parse().expect("a rule")).expect_err("no route");
    assert!(error.to_string().contains("known routes: ticket, token, and *"), "{error}");

    server.inject("ticket 1: another-ticket".parse().expect("a rule")).expect("a route");
    server.inject("ticket 2: status 429 code 7".parse().expect("a rule")).expect("a route");
    server.inject("ticket 3: reset".parse().expect("a rule")).expect("a route");
    let body = get(&server, "/tickets/1").await.expect("a response").text().await;
    assert_eq!(body.expect("a body"), r#"{"id": 2}"#);
    let limited = get(&server, "/tickets/1").await.expect("a response");
    assert_eq!(limited.status(), 429);
    assert!(limited.text().await.expect("a body").contains(r#""code":7"#));
    assert!(get(&server, "/tickets/1").await.is_err());
    server.clear_faults();
    assert_eq!(get(&server, "/tickets/1").await.expect("a response").status(), 200);
    assert_eq!(server.requests().last().expect("a request").fault, None);
    server.stop().await;
}

#[tokio::test]
async fn request_is_unanswered_until_its_client_leaves() {
    let server = server().await;
    server.inject("ticket: silence".parse().expect("a rule")).expect("a route");
    let received = async {
        while server.unanswered() == 0 {
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        _ = get(&server, "/tickets/1") => panic!("the server is silent"),
        () = received => assert_eq!((server.unanswered(), server.count("ticket")), (1, 1)),
    }
    let watchdog = std::time::Duration::from_mins(1);
    let left = async {
        while server.unanswered() > 0 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(watchdog, left).await.expect("the client has left");
}
