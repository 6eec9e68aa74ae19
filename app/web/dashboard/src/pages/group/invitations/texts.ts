// What the page of invitations says.
import { texts } from "../../../texts";

export const t = texts({
  zh: {
    title: "邀请成员",
    about:
      "把邀请链接或二维码发给要加入的人。对方自愿加入，阅读条款并授权后才成为成员。邀请 24 小时内有效，过期后请重新生成。",
    make: "新建邀请",
    made: "邀请已生成，24 小时内有效",
    paused: "现在暂停加入，谁都不能通过邀请加入。恢复加入后，未过期的邀请继续有效。",
    askCreator: "只有创建人可以恢复加入。",
    toSettings: "到设置里恢复加入",
    notAllowed: "创建人没有允许管理员邀请。如需邀请，请联系创建人修改邀请设置。",
    none: "现在没有有效的邀请。点“新建邀请”生成一个链接和二维码。",
    list: "有效的邀请",
    invitedBy: (name: string) => `邀请人：${name}`,
    qr: (name: string) => `加入“${name}”的二维码，与邀请链接相同`,
    link: "邀请链接",
    left: "剩余时间",
    until: "有效期至",
    over: "这份邀请已过期，请新建一份。",
    print: "打印",
    withdraw: "撤回",
    withdrawTitle: "撤回这份邀请？",
    withdrawText: "撤回后，已经发出去的链接和二维码都无法再加入。已加入的成员不受影响。",
    withdrawn: "邀请已撤回",
  },
  en: {
    title: "Invite members",
    about:
      "Send the link or the QR image to whoever is to join. Joining is voluntary: they read the terms and agree first. An invitation is valid for 24 hours; after that, make a new one.",
    make: "New invitation",
    made: "The invitation is there. It is valid for 24 hours.",
    paused:
      "Joining is paused: nobody can join by any invitation now. When joining is opened again, invitations that haven't expired work again.",
    askCreator: "Only the creator can open it again.",
    toSettings: "Open it in the settings.",
    notAllowed:
      "The creator doesn't let admins invite. Ask the creator to change it in the invitation settings.",
    none: "There is no live invitation now. Make one: it comes as a link and as a QR image.",
    list: "Live invitations",
    invitedBy: (name: string) => `Invited by ${name}`,
    qr: (name: string) => `QR image to join “${name}”; it says the same as the link`,
    link: "Link to join",
    left: "Time left",
    until: "Valid until",
    over: "This invitation has expired. Make a new one.",
    print: "Print",
    withdraw: "Withdraw",
    withdrawTitle: "Withdraw this invitation?",
    withdrawText:
      "Nobody can join any more by this link or QR image, wherever it was sent. Members who joined by it stay.",
    withdrawn: "The invitation is withdrawn",
  },
});
