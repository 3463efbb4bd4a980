//! What the tickets are about.

use crate::random::Random;

/// A kind of problem. `{}` in the subject stands for an asset.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Case {
    pub(crate) subject: &'static str,
    pub(crate) question: &'static str,
    pub(crate) answer: &'static str,
    /// The indices of the category, from its top level down.
    pub(crate) category: [usize; 3],
    /// Indices into [`TAGS`].
    pub(crate) tags: &'static [usize],
}

/// The tags of tickets.
pub(crate) const TAGS: &[&str] = &[
    "printer",
    "网络",
    "VPN",
    "账号",
    "hardware",
    "月结",
    "VIP",
    "权限",
    "🔥 urgent",
    "email",
    "会议室",
    "security",
];

/// The kinds of problems.
#[rustfmt::skip]
pub(crate) const CASES: &[Case] = &[
    Case { subject: "打印机 {} 卡纸,无法打印", question: "A4 纸卡在出纸口,重启以后还是不行,麻烦尽快处理。", answer: "已经安排同事到现场,请先不要强行取纸。", category: [0, 1, 0], tags: &[0, 4] },
    Case { subject: "VPN drops every 10 minutes", question: "Since Monday the VPN disconnects every 10 minutes. Client version 5.2.1, at home and in the office.", answer: "Please update the client to 5.2.3 and try the gateway in Singapore.", category: [1, 0, 0], tags: &[2] },
    Case { subject: "忘记密码,账号被锁定", question: "输错密码五次以后账号被锁了,下午要开会,请帮忙解锁 🙏", answer: "已解锁,请使用短信验证码重置密码。", category: [2, 0, 0], tags: &[3] },
    Case { subject: "Laptop {} does not start", question: "The laptop shows a black screen after the update. The fan runs, nothing else happens.", answer: "Hold the power button for 20 seconds. If that does not help, bring it to the desk on floor 3.", category: [0, 0, 0], tags: &[4] },
    Case { subject: "申请财务系统只读权限", question: "新入职,需要查看 2025 年的报销单,主管已经同意。", answer: "请在审批单里附上主管的确认邮件,我们收到后会开通。", category: [2, 1, 0], tags: &[7, 5] },
    Case { subject: "Invoice export fails with error 0x80070005", question: "Exporting invoices to CSV fails: 'Access denied (0x80070005)'. It worked last week.", answer: "The export folder was moved. We have restored your access; please sign in again.", category: [3, 0, 0], tags: &[5, 7] },
    Case { subject: "三楼会议室投影没有信号", question: "十点有客户会议,投影仪显示 No Signal,HDMI 线换过了。", answer: "输入源被切到了 HDMI2,现在已恢复。", category: [0, 1, 1], tags: &[10, 4] },
    Case { subject: "Phishing mail 😱 \"Your mailbox is full\"", question: "I clicked the link before I noticed the sender. What should I do now?", answer: "Do not enter your password anywhere. We have blocked the domain and reset your sessions.", category: [4, 0, 0], tags: &[11, 9] },
    Case { subject: "Wi-Fi 很慢 📶", question: "三楼东侧的 Wi-Fi 从上午开始非常慢,视频会议一直卡顿。", answer: "该区域的 AP 已经重启,请再测试一下速度。", category: [1, 1, 0], tags: &[1] },
    Case { subject: "Shared mailbox is missing in Outlook", question: "The mailbox support-apac@example.com disappeared from my Outlook after the migration.", answer: "Automapping was off. Restart Outlook in 30 minutes and it will be back.", category: [3, 1, 0], tags: &[9] },
    Case { subject: "新员工入职:笔记本电脑和账号", question: "张三下周一入职,需要一台笔记本电脑、门禁卡和邮箱账号。", answer: "电脑已准备好,账号会在入职当天激活。", category: [2, 0, 1], tags: &[3, 4] },
    Case { subject: "Cannot sign in: SSO loops back to the login page", question: "After entering the code I am sent back to the login page. Private window does the same.", answer: "Your clock is 6 minutes ahead. Please turn on automatic time and try again.", category: [2, 0, 2], tags: &[3, 11] },
    Case { subject: "ERP 月结报表打不开", question: "月结报表点开就是白屏,Chrome 和 Edge 都试过了,今天必须提交。", answer: "报表服务内存不足,已经扩容,请刷新页面。", category: [3, 0, 1], tags: &[5, 8] },
    Case { subject: "Request: second monitor for {}", question: "I work with two spreadsheets all day, a second 27\" monitor would help a lot.", answer: "Approved by your manager. Delivery takes about five days.", category: [0, 0, 1], tags: &[4] },
    Case { subject: "离职账号停用", question: "李四本周五离职,请停用账号并把文件转给王五。", answer: "账号将在周五 18:00 停用,文件已转移。", category: [2, 0, 3], tags: &[3, 11] },
    Case { subject: "VPN 无法连接,提示证书过期 (certificate expired)", question: "VPN 客户端提示:The certificate has expired on 2025-11-01。出差在外,急用!", answer: "请在 https://it.example.com/vpn 重新下载证书,详见步骤 3。", category: [1, 0, 1], tags: &[2, 8] },
    Case { subject: "Phone {}: no dial tone", question: "The desk phone in the lobby has no dial tone since the cleaning yesterday.", answer: "The cable was loose. Please check again.", category: [0, 1, 2], tags: &[4] },
    Case { subject: "Dashboard shows wrong numbers for Q3 📉", question: "Revenue in the Q3 dashboard is 12 % lower than in the ERP. Filters are the same.", answer: "The nightly import stopped on 30 September. It runs again and the numbers match now.", category: [3, 0, 2], tags: &[6] },
    Case { subject: "门禁卡失效", question: "今天早上刷卡没有反应,只能让同事开门。", answer: "卡片已重新授权,请到前台更新。", category: [4, 1, 0], tags: &[11] },
    Case { subject: "How do I book a meeting room for visitors?", question: "The room finder only shows rooms on my floor. I need one near the reception.", answer: "Choose 'All floors' in the filter on the left. Rooms R1 to R4 are near the reception.", category: [5, 0, 0], tags: &[10] },
    Case { subject: "文件误删,请恢复 📁", question: "昨天误删了共享盘的“合同2025”文件夹,回收站里也没有。", answer: "已从昨晚的备份恢复,请确认文件是否完整。", category: [3, 1, 1], tags: &[6] },
    Case { subject: "Slow laptop after the antivirus update", question: "CPU is at 100 % all the time. The process is called scanhost.exe.", answer: "We have paused the full scan during office hours. Please restart once.", category: [0, 0, 2], tags: &[4, 11] },
];

/// Returns the name of an asset, such as `IT-0231`.
pub(crate) fn asset(random: &mut Random) -> String {
    format!("IT-{:04}", random.below(2000))
}
