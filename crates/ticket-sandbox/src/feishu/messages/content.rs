//! The content of messages: JSON in a string, with a shape for each type.

use serde_json::{Value, json};

use crate::random::Random;

/// The kinds of messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    /// Text that says who joined or left.
    System,
    /// Text of an old tenant: not JSON.
    Plain,
    /// A post whose content is text.
    PostText,
    /// A post with a title and paragraphs.
    Post,
    /// A post with a version for each language.
    PostByLocale,
    /// A post whose content is JSON in a string.
    PostInString,
    Image,
    File,
    Media,
    Audio,
    /// A type that is not documented.
    ShareChat,
}

impl Kind {
    pub(super) const ALL: &[Self] = &[
        Self::Text,
        Self::System,
        Self::Post,
        Self::PostByLocale,
        Self::PostText,
        Self::PostInString,
        Self::Image,
        Self::File,
        Self::Media,
        Self::Audio,
        Self::ShareChat,
        Self::Plain,
    ];

    /// How often each kind occurs.
    pub(super) const WEIGHTS: &[(u64, Self)] = &[
        (66, Self::Text),
        (6, Self::System),
        (3, Self::PostText),
        (4, Self::Post),
        (2, Self::PostByLocale),
        (3, Self::PostInString),
        (7, Self::Image),
        (3, Self::File),
        (1, Self::Media),
        (1, Self::Audio),
        (1, Self::ShareChat),
        (3, Self::Plain),
    ];

    /// Returns the type of the message.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Text | Self::System | Self::Plain => "text",
            Self::PostText | Self::Post | Self::PostByLocale | Self::PostInString => "post",
            Self::Image => "image",
            Self::File => "file",
            Self::Media => "media",
            Self::Audio => "audio",
            Self::ShareChat => "share_chat",
        }
    }
}

pub(super) const GUEST_LINES: &[&str] = &[
    "还是不行,重启过两次了。",
    "Yes, same error after the update.",
    "好的,谢谢!👍",
    "It works now, thank you 🙏",
    "@机器人 转人工",
    "什么时候能处理好?今天要用。",
    "See https://example.com/kb/42?a=1&b=2 — step 3 fails.",
    "1) 打开客户端\n2) 点击连接\n3) 报错",
];
pub(super) const AGENT_LINES: &[&str] = &[
    "收到,正在查看,请稍等。",
    "Could you send a screenshot of the whole window?",
    "已转给网络组同事跟进。",
    "We have fixed it. Please try again and tell us the result.",
    "请问您现在在哪个办公地点?",
    "**Steps**\n- restart\n- sign in\n[Done] [Not solved]",
];
pub(super) const BOT_LINES: &[&str] = &[
    "您好,我是服务台机器人 🤖 请描述您的问题。",
    "猜你想问:\n**VPN 连接失败**\n---\n[解决了] [没有解决] [转人工]",
    "The ticket will be closed in 24 hours without an answer.",
];

/// Returns the content of a message.
pub(super) fn content(kind: Kind, random: &mut Random, text: &str, name: &str) -> String {
    let key = |random: &mut Random, kind: &str| {
        format!("{kind}_v2_{:016x}{:016x}", random.next(), random.next())
    };
    let content = match kind {
        Kind::Plain => return text.to_owned(),
        Kind::Text => json!({"msg_type": "text", "content": text}),
        Kind::System => {
            let line = random.pick(&[
                "进入人工服务。 @{} 为你提供服务,开始聊起来吧~",
                "{} joined the conversation",
                "{} 离开了会话",
            ]);
            json!({"msg_type": "text", "content": line.replace("{}", name)})
        }
        Kind::PostText => json!({"msg_type": "post", "content": text, "image_keys": []}),
        Kind::Post | Kind::PostByLocale | Kind::PostInString => {
            let image = key(random, "img");
            let post = post(text, name, &image);
            let post = match kind {
                Kind::Post => post,
                Kind::PostByLocale => json!({"zh_cn": post, "en_us": translated()}),
                _ => post.to_string().into(),
            };
            json!({"msg_type": "post", "content": post, "image_keys": [image]})
        }
        Kind::Image => json!({"msg_type": "image", "image_key": key(random, "img")}),
        Kind::File => json!({
            "msg_type": "file",
            "file_key": key(random, "file"),
            "file_name": random.pick(&["报错日志.log", "error report.xlsx", "合同 (最终版).pdf"]),
        }),
        Kind::Media => json!({
            "msg_type": "media",
            "media_key": key(random, "file"),
            "image_key": key(random, "img"),
        }),
        Kind::Audio => json!({"msg_type": "audio", "audio_key": key(random, "file")}),
        Kind::ShareChat => json!({
            "msg_type": "share_chat",
            "chat_id": format!("oc_{:016x}{:016x}", random.next(), random.next()),
        }),
    };
    content.to_string()
}

/// Returns a post with every element.
fn post(text: &str, name: &str, image: &str) -> Value {
    json!({
        "title": "处理步骤 / Steps",
        "content": [
            [
                {"tag": "text", "text": text, "style": ["bold"]},
                {"tag": "a", "text": "知识库", "href": "https://example.com/kb/42"},
            ],
            [
                {"tag": "at", "user_id": "ou_37019b7c830210acd88fdce886e25c71", "user_name": name},
                {"tag": "text", "text": " please check "},
                {"tag": "emotion", "emoji_type": "THUMBSUP"},
            ],
            [{"tag": "img", "image_key": image, "width": 640, "height": 360}],
            [{"tag": "hr"}],
            [{"tag": "code_block", "language": "SHELL", "text": "ping -c 4 vpn.example.com\n# 丢包 100%"}],
            [{"tag": "md", "text": "1. **重启** 客户端\n2. [下载](https://example.com/vpn)\n3. `vpn --reset`"}],
            [],
        ],
    })
}

fn translated() -> Value {
    json!({
        "title": "Steps",
        "content": [[{"tag": "text", "text": "Please restart the client and try again."}]],
    })
}
